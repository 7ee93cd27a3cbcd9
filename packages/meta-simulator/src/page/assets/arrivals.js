/** What to say aloud when a state follows another of the same person. */
export function arrivalsOf(before, now) {
  if (before?.person?.psid !== now.person?.psid || !now.person) return null
  const known = new Set(before.person.bubbles.map(({ key }) => key))
  const fresh = now.person.bubbles.filter(({ key, kind }) => !known.has(key) && kind !== 'notice')
  const messages = fresh.filter(({ kind }) => kind !== 'from-person')
  const words = messages.map(({ kind, text }) =>
    kind === 'card' ? `A request arrived: ${text}` : `A message arrived: ${text}`,
  )
  return words.length === 0 ? null : words.join('. ')
}
