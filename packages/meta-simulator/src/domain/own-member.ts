/**
 * What a table holds under a name from outside: nothing for a name that is no text, nor for one
 * that every object inherits, like `constructor`.
 */
export function ownMember<V>(table: Readonly<Record<string, V>>, name: unknown): V | undefined {
  return typeof name === 'string' && Object.hasOwn(table, name) ? table[name] : undefined
}
