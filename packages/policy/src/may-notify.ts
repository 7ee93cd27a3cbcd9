/** Who may notify people on a topic (`TopicDeclared`): a list of names, or anyone. */

/** The text of the field; null = anyone. */
export function writeMayNotify(names: readonly string[] | null): string | null {
  return names === null ? null : JSON.stringify(names)
}

/**
 * The names in the field; null = anyone. A text that is no list of names names nobody: whom its
 * writer meant to keep out must not come in. Never throws.
 */
export function readMayNotify(text: string | null | undefined): readonly string[] | null {
  if (text === null || text === undefined) return null
  try {
    const names: unknown = JSON.parse(text)
    const isList = Array.isArray(names) && names.every((name) => typeof name === 'string')
    return isList ? names : []
  } catch {
    return []
  }
}
