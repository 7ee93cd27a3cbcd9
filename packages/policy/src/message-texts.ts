import { isMembers } from './message-shape.ts'

/** Addresses and ids of files: long digits in them look like a number by chance alone. */
const MACHINES: ReadonlySet<string> = new Set(['url', 'image_url', 'attachment_id'])

/** Every text of a message, in its order, but for what only machines read. */
export function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  if (Array.isArray(value)) return value.flatMap(textsOf)
  if (!isMembers(value)) return []
  return Object.entries(value).flatMap(([name, member]) =>
    MACHINES.has(name) ? [] : textsOf(member),
  )
}
