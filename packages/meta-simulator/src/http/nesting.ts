import { isJsonObject } from '../domain/json-object.ts'

/** Deeper than any body of the platform; a value far deeper cannot be written as JSON again. */
const LEVELS_MAX = 64

/** Whether a value nests too deep to be kept, told of and shown. */
export function isTooDeep(value: unknown): boolean {
  return exceeds(value, LEVELS_MAX)
}

/** Allocates nothing, for every call of the Graph side passes here. */
function exceeds(value: unknown, levels: number): boolean {
  if (levels < 0) return true
  if (Array.isArray(value)) return value.some((child) => exceeds(child, levels - 1))
  if (!isJsonObject(value)) return false
  for (const name in value) if (exceeds(value[name], levels - 1)) return true
  return false
}
