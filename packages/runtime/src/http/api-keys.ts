import { createHash, timingSafeEqual } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { appError } from '@otn/kernel'
import { z } from 'zod'

export const SCOPES = [
  'tokens:read',
  'candidates:read',
  'notifications:read',
  'notifications:write',
  'pages:admin',
  'operations',
  'personal',
] as const

export type Scope = (typeof SCOPES)[number]

export interface ApiKey {
  readonly id: string
  /** SHA-256 of the key, 64 hex digits: the key itself is known to its holder alone. */
  readonly sha256: string
  readonly scopes: readonly Scope[]
}

const fileSchema = z.array(
  z.object({
    id: z.string().min(1).max(64),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    scopes: z.array(z.enum(SCOPES)),
  }),
)

/** Parses the content of `OTN_API_KEYS_FILE`. @throws OTN_CONFIG_INVALID naming what is wrong */
export function parseApiKeys(text: string): readonly ApiKey[] {
  const parsed = fileSchema.safeParse(parseJson(text))
  if (parsed.success) return parsed.data
  const where = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  const message = `OTN_API_KEYS_FILE: wanted [{ id, sha256, scopes }]; ${where.join('; ')}`
  throw appError('OTN_CONFIG_INVALID', { message })
}

/** Reads the file itself. @throws OTN_CONFIG_INVALID where it cannot be read or is wrong */
export function readApiKeys(path: string): readonly ApiKey[] {
  return parseApiKeys(textOf(path))
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const message = `OTN_API_KEYS_FILE: ${path} cannot be read; give a file that this user may read`
    throw appError('OTN_CONFIG_INVALID', { message, cause })
  }
}

/** The key a bearer header belongs to, else null. Compares every key, in constant time. */
export function findApiKey(
  keys: readonly ApiKey[],
  authorization: string | undefined,
): ApiKey | null {
  const bearer = /^Bearer ([\x21-\x7e]{1,512})$/i.exec(authorization ?? '')?.[1]
  if (bearer === undefined) return null
  const digest = createHash('sha256').update(bearer).digest()
  let found: ApiKey | null = null
  for (const key of keys) {
    if (timingSafeEqual(digest, Buffer.from(key.sha256, 'hex'))) found = key
  }
  return found
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
