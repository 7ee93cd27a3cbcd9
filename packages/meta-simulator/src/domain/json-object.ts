/** An object read from JSON whose members are not known yet. */
export type JsonObject = Readonly<Record<string, unknown>>

/** Whether a value read from JSON is an object with members: no array, no null. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
