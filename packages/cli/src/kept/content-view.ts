/**
 * What an entry holds, as it may be shown. Names of members and kinds of values tell what is wrong
 * with it; the values are somebody's. A raw token is shown to nobody, whatever was asked for.
 */
import { isObject } from '@otn/kernel'

/** A token, or part of one: where nothing could be parsed, nobody knows where one stands. */
const MAY_BE_A_TOKEN = /[A-Za-z0-9_-]{12,}/g
const NAMES_A_TOKEN = /token$/i
const DEPTH_MAX = 32

export interface ContentView {
  readonly isPersonal: boolean
}

export function contentView(json: unknown, view: ContentView, depth = 0): unknown {
  if (depth > DEPTH_MAX) return '[nested deeper]'
  if (Buffer.isBuffer(json)) return `${json.length} bytes`
  if (Array.isArray(json)) return json.map((one) => contentView(one, view, depth + 1))
  if (!isObject(json)) return view.isPersonal ? unnamed(json) : kindOf(json)
  const members = Object.entries(json).map(([name, value]) => [name, memberView(name, value)])
  return Object.fromEntries(members)

  function memberView(name: string, value: unknown): unknown {
    if (NAMES_A_TOKEN.test(name)) return `[token] ${kindOf(value)}`
    if (typeof value === 'string' && view.isPersonal) return value
    return contentView(value, view, depth + 1)
  }
}

/** A value that no member names, such as a field of a row: it may be the token. */
function unnamed(value: unknown): unknown {
  return typeof value === 'string' ? value.replaceAll(MAY_BE_A_TOKEN, '[not shown]') : value
}

/** Of bytes that are no JSON. */
export function textView(bytes: Buffer, { isPersonal }: ContentView): string {
  if (!isPersonal) return `${bytes.length} bytes`
  return bytes.toString('utf8').replaceAll(MAY_BE_A_TOKEN, '[not shown]')
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return `list of ${value.length}`
  return typeof value === 'string' ? `text of ${value.length}` : typeof value
}
