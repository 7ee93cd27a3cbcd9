export { createIdentity, pepperCheck } from './identity.ts'
export { type MasterKeys, parseMasterKeys } from './master-keys.ts'
export { createVault, type SealContext, type Sealed, type Vault } from './vault.ts'
