import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import type { IdsByFingerprint } from '@otn/contracts'
import { appError } from '@otn/kernel'
import { mergeSchemaIds, parseSchemaIds } from './merge-schema-ids.ts'

/**
 * Adds ids to `SCHEMA_IDS_FILE`. Whoever reads the file meanwhile sees the old or the new one,
 * whole.
 * @returns how many were added
 * @throws OTN_CONFIG_INVALID where the file contradicts: then it is of another registry
 */
export function addSchemaIds(path: string, ids: IdsByFingerprint): number {
  const known = readSchemaIds(path)
  const merged = mergeSchemaIds(known, ids)
  if ('contradicts' in merged) {
    const print = merged.contradicts.slice(0, 12)
    const message =
      `SCHEMA_IDS_FILE ${path} is of another registry: it and the registry disagree about ` +
      `${print}…; name another file`
    throw appError('OTN_CONFIG_INVALID', { message, publicMessage: message })
  }
  const added = Object.keys(merged.all).length - Object.keys(known).length
  if (added > 0) replaceFile(path, `${JSON.stringify(merged.all, null, 2)}\n`)
  return added
}

/** The ids of a file; none where it does not exist. @throws OTN_CONFIG_INVALID */
export function readSchemaIds(path: string): IdsByFingerprint {
  const text = readOrNull(path)
  if (text === null) return {}
  const ids = parseSchemaIds(text)
  if (ids !== null) return ids
  const message = `SCHEMA_IDS_FILE ${path} does not hold fingerprint → id`
  throw appError('OTN_CONFIG_INVALID', { message, publicMessage: message })
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    const message = `SCHEMA_IDS_FILE ${path} cannot be read`
    throw appError('OTN_CONFIG_INVALID', { message, publicMessage: message, cause: error })
  }
}

function replaceFile(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  const draft = `${path}.${process.pid}.part`
  const file = openSync(draft, 'w', 0o644)
  try {
    writeSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(draft, path)
}
