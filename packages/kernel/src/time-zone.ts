const CHARACTERS_MAX = 64

/** Whether the runtime knows the rules of a zone (IANA database, as `Asia/Tokyo`). */
export function isTimeZone(name: string): boolean {
  if (name.length > CHARACTERS_MAX) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
