/** The keys of the deployment, as commands need them that open what was sealed. */
import type { Identity } from '@otn/kernel'
import { pepperKey } from '@otn/runtime/settings'
import { createIdentity, createVault, parseMasterKeys, pepperCheck, type Vault } from '@otn/vault'
import { pepperSettings, sealingSettings } from '../cli-settings.ts'
import type { Context } from '../context.ts'
import { CliError, exitCodes } from '../exit-code.ts'

export interface Keys {
  readonly identity: Identity
  readonly pepperCheck: string
  readonly vault: Vault
}

/** @throws CliError 78 where one is missing or none */
export function readKeys(context: Context): Keys {
  const { personPepper, masterKey } = context.read(sealingSettings)
  const parsed = parseMasterKeys(masterKey.reveal())
  if ('fault' in parsed) {
    throw new CliError(exitCodes.configuration, `OTN_MASTER_KEY: ${parsed.fault}`)
  }
  const pepper = pepperKey(personPepper)
  const vault = createVault(parsed.keys)
  return { identity: createIdentity(pepper), pepperCheck: pepperCheck(pepper), vault }
}

/** For commands that open nothing. @throws CliError 78 where it is missing */
export function readIdentity(context: Context): Identity {
  return createIdentity(pepperKey(context.read(pepperSettings).personPepper))
}
