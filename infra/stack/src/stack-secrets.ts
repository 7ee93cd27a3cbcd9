import { createHash, createHmac, randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SCOPES } from '@otn/runtime'

/** Secrets of one stack. Kept beside its data, for pepper and master key must outlive a restart. */
export interface StackSecrets {
  readonly appId: string
  readonly appSecret: string
  readonly verifyToken: string
  readonly personPepper: string
  readonly masterKey: string
  readonly apiKey: string
}

/** The secrets under `home`, made at the first start. */
export function stackSecrets(home: string): StackSecrets {
  const path = join(home, 'secrets.json')
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    const made = makeSecrets()
    mkdirSync(home, { recursive: true })
    writeFileSync(path, JSON.stringify(made, null, 2), { mode: 0o600 })
    return made
  }
}

/** The key of the simulator's page, which may only look; it follows from the key of the stack. */
export function pageKeyOf({ apiKey }: Pick<StackSecrets, 'apiKey'>): string {
  return createHmac('sha256', apiKey).update('page of the simulator').digest('base64url')
}

/** Writes the API key file: one key with every scope, and the page's. @returns its path */
export function writeApiKeys(home: string, apiKey: string): string {
  const path = join(home, 'api-keys.json')
  const sha256 = (key: string): string => createHash('sha256').update(key).digest('hex')
  const reading = ['tokens:read', 'notifications:read']
  const keys = [
    { id: 'stack', sha256: sha256(apiKey), scopes: SCOPES },
    { id: 'page', sha256: sha256(pageKeyOf({ apiKey })), scopes: reading },
  ]
  writeFileSync(path, JSON.stringify(keys), { mode: 0o600 })
  return path
}

function makeSecrets(): StackSecrets {
  return {
    appId: '770000000000001',
    appSecret: randomBytes(16).toString('hex'),
    verifyToken: randomBytes(12).toString('base64url'),
    personPepper: randomBytes(24).toString('base64url'),
    masterKey: `dev-1:${randomBytes(32).toString('base64')}`,
    apiKey: randomBytes(24).toString('base64url'),
  }
}
