/**
 * One text for one stored document: members sorted by name, instants as ms, bytes as base64. What
 * `canonicalJson` gives for the document in code, made from BSON in one pass: a digest reads every
 * document there is.
 */
export function digestText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  if (value instanceof Date) return String(value.getTime())
  if (Buffer.isBuffer(value)) return `"${value.toString('base64')}"`
  if (Array.isArray(value)) return `[${value.map(digestText).join(',')}]`
  const members = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${digestText(member)}`)
  return `{${members.join(',')}}`
}
