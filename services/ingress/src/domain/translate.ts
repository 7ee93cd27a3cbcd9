import {
  canonicalJson,
  isObject,
  member,
  type ParsedBody,
  pageId,
  readId,
  readInstant,
} from '@otn/kernel'
import { NO_PAGE } from '@otn/policy'
import type { QuarantineReason, SealedContent } from './facts.ts'
import type { CountedKind } from './kinds.ts'
import { bodyContent, type Place } from './quarantine.ts'
import { translateItem } from './translate-item.ts'
import { counted, type ItemResult, malformed, readItem, type Surroundings } from './webhook-item.ts'

export interface Translated {
  readonly place: Place
  readonly result: ItemResult
}

export interface Webhook {
  readonly body: ParsedBody
  /** The bytes of the body; kept only where they do not parse. */
  readonly bodyBase64: () => string
}

/**
 * Translates a verified body: every entry, every item of `messaging[]` and `standby[]`, one result
 * each, in their order. Pure and total; the same item gives facts of the same ids for ever.
 */
export function translate(
  { body, bodyBase64 }: Webhook,
  around: Surroundings,
): readonly Translated[] {
  if (body.kind === 'unusable') {
    const place = wholeBody(bodyContent(bodyBase64()), around)
    return [{ place, result: quarantined(body.reason, 'kept whole, as it came') }]
  }
  const { json } = body
  const object = member(json, 'object')
  const entries = member(json, 'entry')
  if (typeof object !== 'string' || (object === 'page' && !Array.isArray(entries))) {
    const result = quarantined('body-malformed', 'wanted object and entry[]')
    return [{ place: wholeBody({ item: json }, around), result }]
  }
  if (object !== 'page') {
    return [{ place: wholeBody({ item: json }, around), result: counted(otherObject(object)) }]
  }
  const list: readonly unknown[] = Array.isArray(entries) ? entries : []
  return list.flatMap((entry, index) => translateEntry(entry, index, around))
}

function otherObject(object: string): CountedKind {
  return object === 'instagram' ? 'object-instagram' : 'object-other'
}

function quarantined(reason: QuarantineReason, detail: string): ItemResult {
  return { kind: 'quarantined', reason, detail }
}

function wholeBody(content: SealedContent, { bodySha256 }: Surroundings): Place {
  return {
    page: NO_PAGE,
    entryIndex: null,
    itemIndex: null,
    content,
    identifiedBy: () => bodySha256,
  }
}

function translateEntry(
  entry: unknown,
  entryIndex: number,
  around: Surroundings,
): readonly Translated[] {
  const id = readId(member(entry, 'id'))
  const lists = itemLists(entry)
  if (!isObject(entry) || id === null || lists === null) {
    const place = placeOf(entry, { page: pageId(id ?? NO_PAGE), entryIndex, itemIndex: null })
    const detail = 'wanted id and one of messaging[], standby[], changes[]'
    return [{ place, result: quarantined('entry-malformed', detail) }]
  }
  const page = pageId(id)
  const entryTimeMs = readInstant(member(entry, 'time'))
  return lists.flatMap(({ name, items }) =>
    items.map((json, itemIndex) => {
      const place = placeOf(json, { page, entryIndex, itemIndex })
      if (name === 'changes') return { place, result: counted('entry-change') }
      if (!isObject(json)) return { place, result: malformed([`${name}[${itemIndex}]`]) }
      const item = readItem(json, { page, standby: name === 'standby', entryTimeMs })
      return { place, result: translateItem(item, around) }
    }),
  )
}

interface ItemList {
  readonly name: 'messaging' | 'standby' | 'changes'
  readonly items: readonly unknown[]
}

/** The lists an entry carries; null where it carries none, or one that is no list. */
function itemLists(entry: unknown): readonly ItemList[] | null {
  const lists: ItemList[] = []
  for (const name of ['messaging', 'standby', 'changes'] as const) {
    const items = member(entry, name)
    if (items === undefined) continue
    if (!Array.isArray(items)) return null
    lists.push({ name, items })
  }
  return lists.length === 0 ? null : lists
}

function placeOf(json: unknown, at: Pick<Place, 'page' | 'entryIndex' | 'itemIndex'>): Place {
  return { ...at, content: { item: json }, identifiedBy: () => canonicalJson(json) }
}
