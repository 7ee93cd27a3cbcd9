/** Each state of the page is an address: page, person, opened row, token, weather. */
const NAMES = ['page', 'person', 'token', 'show', 'weather']

export function readAddress() {
  const query = new URLSearchParams(location.search)
  return Object.fromEntries(NAMES.map((name) => [name, query.get(name)]))
}

/** The address of this state with some of it changed; null takes a part out. */
export function linkTo(changes) {
  const parts = { ...readAddress(), ...changes }
  const given = NAMES.filter((name) => parts[name] !== null && parts[name] !== undefined)
  const query = new URLSearchParams(given.map((name) => [name, parts[name]]))
  return `/?${query}`
}
