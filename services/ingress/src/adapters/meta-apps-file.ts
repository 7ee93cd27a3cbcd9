import { readFileSync } from 'node:fs'
import { appError, Secret } from '@otn/kernel'
import { z } from 'zod'
import type { MetaApp } from '../ports.ts'

const ENV = 'META_APPS_FILE'
/** The platform makes 32 hex digits; what is shorter than half of that was typed by hand. */
const APP_SECRET = /^[\x21-\x7e]{16,256}$/
const VERIFY_TOKEN = /^\S.{6,254}\S$/u
/** Each secret of an app costs an HMAC of every body. */
const PER_APP_MAX = 5
const APPS_MAX = 100

const texts = (pattern: RegExp, wanted: string) =>
  z.array(z.string().regex(pattern, wanted)).min(1).max(PER_APP_MAX)

const fileSchema = z
  .array(
    z.strictObject({
      appId: z.string().regex(/^\d{1,32}$/, 'wanted 1 to 32 digits'),
      appSecrets: texts(APP_SECRET, 'wanted 16 to 256 visible ASCII characters'),
      verifyTokens: texts(VERIFY_TOKEN, 'wanted 8 to 256 characters, no space at either end'),
    }),
  )
  .min(1)
  .max(APPS_MAX)

type Entry = z.infer<typeof fileSchema>[number]

/**
 * Parses the content of `META_APPS_FILE`.
 * @throws OTN_CONFIG_INVALID with all its faults, by entry (from 1) and field, never by value
 */
export function parseMetaApps(text: string): readonly MetaApp[] {
  const parsed = fileSchema.safeParse(parseJson(text))
  const faults = parsed.success ? repeats(parsed.data) : parsed.error.issues.map(faultOf)
  if (parsed.success && faults.length === 0) return parsed.data.map(appOf)
  const wanted = 'wanted a JSON list of { appId, appSecrets, verifyTokens }, newest first'
  throw appError('OTN_CONFIG_INVALID', { message: `${ENV}: ${wanted}; ${faults.join('; ')}` })
}

/** Reads the file itself. @throws OTN_CONFIG_INVALID where it cannot be read or is wrong */
export function readMetaApps(path: string): {
  readonly apps: readonly MetaApp[]
  readonly text: string
} {
  const text = textOf(path)
  return { apps: parseMetaApps(text), text }
}

/** A secret of two apps was copied to the wrong place: each would sign for the other. */
function repeats(entries: readonly Entry[]): readonly string[] {
  const values = entries.flatMap(({ appId, appSecrets, verifyTokens }, entry) => [
    { at: placeOf([entry, 'appId']), same: `app ${appId}` },
    ...appSecrets.map((secret, index) => ({
      at: placeOf([entry, 'appSecrets', index]),
      same: `secret ${secret}`,
    })),
    // Two apps may well share a verify token: it protects the set-up of an address alone.
    ...verifyTokens.map((token, index) => ({
      at: placeOf([entry, 'verifyTokens', index]),
      same: `token ${entry} ${token}`,
    })),
  ])
  return values.flatMap(({ at, same }, index) => {
    const first = values.slice(0, index).find((other) => other.same === same)
    return first === undefined ? [] : [`${at}: the same as ${first.at}`]
  })
}

function faultOf({ path, message }: z.core.$ZodIssue): string {
  return path.length === 0 ? message : `${placeOf(path)}: ${message}`
}

function placeOf([entry, field, index]: readonly PropertyKey[]): string {
  const inside = index === undefined ? '' : `[${String(index)}]`
  const name = field === undefined ? '' : `, ${String(field)}${inside}`
  return `entry ${Number(entry) + 1}${name}`
}

function appOf({ appId, appSecrets, verifyTokens }: Entry): MetaApp {
  const sealed = (values: readonly string[]) => values.map((value) => new Secret(value))
  return { appId, appSecrets: sealed(appSecrets), verifyTokens: sealed(verifyTokens) }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const message = `${ENV}: ${path} cannot be read; give a file that this user may read`
    throw appError('OTN_CONFIG_INVALID', { message, cause })
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
