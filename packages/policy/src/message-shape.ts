/**
 * What a part of a message has to be, as data: each shape tells the first thing that is wrong, by
 * the place where it stands and by counts. What a field holds is told nowhere.
 */

export type MessageReason =
  | 'message-invalid'
  | 'message-limit'
  | 'message-kind-unknown'
  | 'metadata-reserved'
  | 'text-empty'
  | 'text-too-long'

export interface MessageFault {
  readonly reason: MessageReason
  /** One line: the place and what is wrong with it, without what it holds. */
  readonly fault: string
}

/** @param at the place, such as `attachment.payload.elements[0].title` */
export type Shape = (value: unknown, at: string) => MessageFault | null

export type Members = Readonly<Record<string, unknown>>

/** Neither space nor control nor format character, nor a letter that shows nothing. */
export const VISIBLE = /[^\p{Z}\p{Cc}\p{Cf}\u115f\u1160\u2800\u3164\uffa0]/u
const HTTP = /^https?:$/

export function invalid(at: string, what: string): MessageFault {
  return { reason: 'message-invalid', fault: `${at} ${what}` }
}

export function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A text that people read. Lengths are UTF-16 code units, the strictest reading of a limit. */
export const words =
  (max = Number.POSITIVE_INFINITY): Shape =>
  (value, at) => {
    if (typeof value !== 'string' || !VISIBLE.test(value)) return invalid(at, 'is no visible text')
    return tooLong(value, at, max)
  }

/** A text for machines. */
export const payload =
  (max: number): Shape =>
  (value, at) => {
    if (typeof value !== 'string' || value === '') return invalid(at, 'is no text')
    return tooLong(value, at, max)
  }

export const httpUrl: Shape = (value, at) => {
  const isUrl = typeof value === 'string' && URL.canParse(value)
  return isUrl && HTTP.test(new URL(value).protocol) ? null : invalid(at, 'is no http address')
}

export const number: Shape = (value, at) =>
  typeof value === 'number' ? null : invalid(at, 'is no number')

export const truth: Shape = (value, at) =>
  typeof value === 'boolean' ? null : invalid(at, 'is neither true nor false')

export const oneOf =
  (...values: readonly string[]): Shape =>
  (value, at) =>
    values.includes(String(value)) && typeof value === 'string'
      ? null
      : invalid(at, `is none of ${values.join(', ')}`)

export const text =
  (pattern: RegExp, wanted: string): Shape =>
  (value, at) =>
    typeof value === 'string' && pattern.test(value) ? null : invalid(at, `is not ${wanted}`)

interface Count {
  readonly min: number
  readonly max: number
}

export const list =
  ({ min, max }: Count, item: Shape): Shape =>
  (value, at) => {
    if (!Array.isArray(value)) return invalid(at, 'is no list')
    if (value.length < min) return invalid(at, `has ${value.length} items; at least ${min}`)
    if (value.length > max) return limit(at, `has ${value.length} items; at most ${max} are taken`)
    return first(value.map((one: unknown, index) => item(one, `${at}[${index}]`)))
  }

interface Parts {
  readonly needed?: Readonly<Record<string, Shape>>
  readonly optional?: Readonly<Record<string, Shape>>
}

/** An object; members that no limit is known of are the caller's and go out as they are. */
export const members =
  ({ needed = {}, optional = {} }: Parts): Shape =>
  (value, at) => {
    if (!isMembers(value)) return invalid(at, 'is no object')
    const inside = (name: string) => (at === '' ? name : `${at}.${name}`)
    const absent = Object.keys(needed).find((name) => !Object.hasOwn(value, name))
    if (absent !== undefined) return invalid(inside(absent), 'is missing')
    const given = Object.entries({ ...needed, ...optional }).filter(([name]) =>
      Object.hasOwn(value, name),
    )
    return first(given.map(([name, shape]) => shape(value[name], inside(name))))
  }

/** The shape that a member's value names. */
export const chosenBy =
  (name: string, shapes: Readonly<Record<string, Shape>>): Shape =>
  (value, at) => {
    if (!isMembers(value)) return invalid(at, 'is no object')
    const kind = value[name]
    const shape = typeof kind === 'string' && Object.hasOwn(shapes, kind) ? shapes[kind] : null
    if (shape) return shape(value, at)
    return invalid(`${at}.${name}`, `is none of ${Object.keys(shapes).join(', ')}`)
  }

/** Exactly one of some members stands there. */
export const exactlyOne =
  (...names: readonly string[]): Shape =>
  (value, at) => {
    const given = names.filter((name) => isMembers(value) && Object.hasOwn(value, name))
    return given.length === 1 ? null : invalid(at, `needs exactly one of ${names.join(', ')}`)
  }

export const all =
  (...shapes: readonly Shape[]): Shape =>
  (value, at) => {
    for (const shape of shapes) {
      const fault = shape(value, at)
      if (fault !== null) return fault
    }
    return null
  }

function first(faults: readonly (MessageFault | null)[]): MessageFault | null {
  return faults.find((fault) => fault !== null) ?? null
}

function tooLong(value: string, at: string, max: number): MessageFault | null {
  if (value.length <= max) return null
  return limit(at, `has ${value.length} UTF-16 code units; at most ${max} are taken`)
}

function limit(at: string, what: string): MessageFault {
  return { reason: 'message-limit', fault: `${at} ${what}` }
}
