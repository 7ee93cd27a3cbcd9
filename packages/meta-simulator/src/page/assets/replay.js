import { send } from './api.js'

const BUNDLE_MAX = 20

/** Sends webhooks about the chosen person once more, as the weather says. @returns what came of it */
export async function replay({ person }, how) {
  const rows = person.wire.filter(({ kind }) => kind === 'webhook')
  if (rows.length === 0) throw new Error('no webhook about this person went out yet')
  const entries = await Promise.all(chosen(rows, how).map(({ id }) => entriesOf(id)))
  const signature = how === 'wrong' ? 'wrong' : 'valid'
  const answer = await send('POST', '/_sim/batch', { entry: entries.flat(), signature })
  return `The callback answered ${answer.status ?? answer.fault}.`
}

/** Rows are newest first. */
function chosen(rows, how) {
  if (how === 'late') return rows.slice(-1)
  if (how === 'reversed') return rows.slice(0, 2)
  if (how === 'bundled') return rows.slice(0, BUNDLE_MAX).toReversed()
  return rows.slice(0, 1)
}

async function entriesOf(id) {
  const { shown } = await send('GET', `/page/state?${new URLSearchParams({ show: id })}`)
  if (shown === null) throw new Error('that webhook is no longer remembered')
  if (new Blob([shown.body]).size < shown.bodyBytes) throw new Error('it is too long to be kept')
  return JSON.parse(shown.body).entry
}
