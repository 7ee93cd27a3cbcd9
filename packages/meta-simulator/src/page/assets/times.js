/** Times as the page writes them: UTC, on the simulator's clock. */
import { h } from './element.js'

export function timeOf(atMs, nowMs) {
  const iso = new Date(atMs).toISOString()
  const isToday = iso.slice(0, 10) === new Date(nowMs).toISOString().slice(0, 10)
  const text = isToday ? iso.slice(11, 19) : `${iso.slice(0, 10)} ${iso.slice(11, 16)}`
  return h('time', { datetime: iso, title: iso }, text)
}

export function clockText(nowMs) {
  const iso = new Date(nowMs).toISOString()
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`
}
