import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { appError } from '@otn/kernel'

/** SHA-256 of a file, lower-case hex. */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

/** One SHA-256 over names and digests of all files of a flat folder, in the order of names. */
export async function sha256OfFolder(folder: string): Promise<string> {
  const hash = createHash('sha256')
  for (const name of (await readdir(folder)).sort()) {
    hash.update(`${await sha256OfFile(join(folder, name))}  ${name}\n`)
  }
  return hash.digest('hex')
}

/**
 * Passes only when what was downloaded is what was reviewed.
 * @throws OTN_ENGINE_FAILED naming both digests.
 */
export function requireSha256(what: string, actual: string, wanted: string): void {
  if (actual === wanted) return
  const message = `${what} is not the file we know: its SHA-256 is ${actual}, wanted ${wanted}`
  throw appError('OTN_ENGINE_FAILED', { message })
}
