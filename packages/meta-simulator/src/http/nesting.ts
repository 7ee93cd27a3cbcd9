import { isJsonObject } from '../domain/json-object.ts'

/** Deeper than any body of the platform; a value far deeper cannot be written as JSON again. */
const LEVELS_MAX = 64

/** Whether a value nests too deep to be kept, told of and shown. */
export function isTooDeep(value: unknown): boolean {
  let level: readonly unknown[] = [value]
  for (let depth = 0; depth <= LEVELS_MAX; depth += 1) {
    level = level.flatMap(childrenOf)
    if (level.length === 0) return false
  }
  return true
}

function childrenOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  return isJsonObject(value) ? Object.values(value) : []
}
