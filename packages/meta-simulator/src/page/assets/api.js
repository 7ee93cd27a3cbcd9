/** The control API, and the two routes that only this page asks. */

/** @throws Error with what the simulator said, for people */
export async function send(method, path, body) {
  const answer = await fetch(path, {
    ...{ method, signal: AbortSignal.timeout(ANSWER_MS) },
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: JSON_TYPE }),
  })
  const said = await answer.json().catch(() => ({}))
  if (answer.ok) return said
  throw new Error(said.detail ?? said.title ?? `${path} answered ${answer.status}`)
}

/** Longer than any wait that the page asks for; a call that hangs must not end the looking. */
const ANSWER_MS = 20_000
const JSON_TYPE = { 'content-type': 'application/json' }

/** The state of the page, or null where nothing has changed since `tag`. */
export async function fetchState({ page, person, show }, tag) {
  const query = new URLSearchParams(present({ page, person, show }))
  const headers = tag === null ? {} : { 'if-none-match': tag }
  const answer = await fetch(`/page/state?${query}`, {
    ...{ headers, cache: 'no-store', signal: AbortSignal.timeout(ANSWER_MS) },
  })
  if (answer.status === 304) return null
  if (!answer.ok) throw new Error(`the simulator answered ${answer.status}`)
  return { tag: answer.headers.get('etag'), state: await answer.json() }
}

export function fetchKnowledge(page, person) {
  return send('GET', `/page/knowledge?${new URLSearchParams({ page, person })}`)
}

function present(parts) {
  return Object.entries(parts).filter(([, value]) => value !== null && value !== undefined)
}
