/**
 * What stands in quarantine, read again by the functions that read a webhook or a file when it
 * comes, with the pages and rules of now. Only consent is taken up: whatever else an item says
 * (a message, a receipt) is about a moment that has passed. Pure and total.
 */
import type { OptInReceived } from '@otn/contracts'
import {
  type Identity,
  isObject,
  type JsonObject,
  member,
  type PageId,
  pageId,
  parseBody,
  readId,
} from '@otn/kernel'
import { NO_PAGE, oneTimeConsent, readOptIn } from '@otn/policy'
import type { Hindrance } from '../kept/hindrance.ts'
import type { KeptEntry } from '../kept/kept-entry.ts'
import type { Content } from '../kept/read-kept.ts'
import type { KnownPages } from '../pages/known-pages.ts'
import { readRow } from '../tokens/read-row.ts'

/** Who put lines of a file into quarantine. */
const IMPORT_SOURCE = '/otn/cli'

export interface ConsentAgain {
  /** Key on Kafka and owner of the seal. */
  readonly key: string
  readonly value: Omit<OptInReceived, 'keyId' | 'sealed'>
  readonly content: Readonly<Record<string, unknown>>
}

export interface ReadAgain {
  readonly consents: readonly ConsentAgain[]
  /** One for each part that still cannot be used; none = all of it can. */
  readonly hindrances: readonly Hindrance[]
}

export interface Around {
  readonly identity: Identity
  readonly pages: KnownPages
  /** Whose items these are, as the person at the terminal says; null = as their entries say. */
  readonly asPage: PageId | null
  /** The business clock of now: what a file dates after it is still refused. */
  readonly nowMs: number
}

/** The consent that stands in an entry, under the ids that its webhook would have given it. */
export function readAgain(entry: KeptEntry, content: Content, around: Around): ReadAgain {
  if (content === null) {
    return cannot('seal-broken', 'its seal does not open with the keys in OTN_MASTER_KEY')
  }
  const json = jsonOf(content)
  if ('code' in json) return { consents: [], hindrances: [json] }
  if (entry.source === IMPORT_SOURCE) return readLine(json.read, entry, around)
  const items = optInsIn(json.read, entry.pageId)
  if (items.length === 0) return cannot('no-consent', 'no opt-in stands in it')
  const read = items.map((item) => readItem(item, entry, around))
  return {
    consents: read.flatMap((one) => ('code' in one ? [] : [one])),
    hindrances: read.flatMap((one) => ('code' in one ? [one] : [])),
  }
}

function jsonOf(content: JsonObject): { readonly read: unknown } | Hindrance {
  if (typeof content.body !== 'string') return { read: content.item }
  const parsed = parseBody(Buffer.from(content.body, 'base64'))
  if (parsed.kind === 'parsed') return { read: parsed.json }
  const isDeep = parsed.reason === 'body-too-deep'
  return { code: parsed.reason, text: isDeep ? 'it is nested too deep' : 'it is not JSON' }
}

interface OptIn {
  readonly page: PageId
  readonly json: JsonObject
}

/** A whole body, an entry of one or a single item: kept is what could not be used. */
function optInsIn(json: unknown, page: PageId): readonly OptIn[] {
  const entries = member(json, 'entry')
  if (Array.isArray(entries)) return entries.flatMap((one) => optInsOfEntry(one, page))
  const isEntry = ['messaging', 'standby'].some((name) => Array.isArray(member(json, name)))
  if (isEntry) return optInsOfEntry(json, page)
  return isObject(json) && Object.hasOwn(json, 'optin') ? [{ page, json }] : []
}

function optInsOfEntry(entry: unknown, otherwise: PageId): readonly OptIn[] {
  const id = readId(member(entry, 'id'))
  const page = id === null ? otherwise : pageId(id)
  const lists = [member(entry, 'messaging'), member(entry, 'standby')]
  return lists
    .flatMap((list): readonly unknown[] => (Array.isArray(list) ? list : []))
    .flatMap((json) => (isObject(json) && Object.hasOwn(json, 'optin') ? [{ page, json }] : []))
}

function readItem(item: OptIn, entry: KeptEntry, around: Around): ConsentAgain | Hindrance {
  const { identity, pages, asPage } = around
  const page = asPage ?? item.page
  if (page === NO_PAGE) return hintAt(item, pages) ?? { code: 'no-page', text: 'it names no page' }
  const read = readOptIn({ page, json: item.json })
  if (read.kind === 'plugin') return { code: 'no-consent', text: 'it is an opt-in of a plugin' }
  if (read.kind === 'unusable') {
    const hint = read.reason === 'page-mismatch' ? hintAt(item, pages) : null
    return hint ?? { code: read.reason, text: read.detail }
  }
  if (!pages.isConnected(page)) return notConnected(page)
  // It was received then: the clock of now would only say when somebody came to it.
  const when = { nowMs: entry.at, correlationId: entry.correlationId ?? entry.eventId }
  const consent = { ...read.consent, origin: 'webhook' as const }
  return oneTimeConsent(consent, { identity, nameTopic: pages.nameTopic, ...when })
}

/** The item names a page of ours, its entry another one: a person may say that it is right. */
function hintAt({ json }: OptIn, pages: KnownPages): Hindrance | null {
  const recipient = readId(member(member(json, 'recipient'), 'id'))
  if (recipient === null || !pages.isConnected(pageId(recipient))) return null
  const text = `its entry names another page than its recipient: --as-page ${recipient} if it is it`
  return { code: 'page-mismatch', text }
}

function readLine(json: unknown, entry: KeptEntry, around: Around): ReadAgain {
  const { identity, pages, nowMs } = around
  const row = readRow(json, nowMs)
  if (row.kind === 'unreadable') {
    const text = `cannot be read: ${row.fields.join(', ')}; mend the file and import it`
    return cannot(row.reason, text)
  }
  if (!pages.isConnected(row.page)) return { consents: [], hindrances: [notConnected(row.page)] }
  const correlationId = entry.correlationId ?? entry.eventId
  const consent = { ...row, origin: 'import' as const }
  const { nameTopic } = pages
  const again = oneTimeConsent(consent, { identity, nameTopic, nowMs, correlationId })
  return { consents: [again], hindrances: [] }
}

/** A stranger's number is told only where it has the form of a page id. */
function notConnected(page: PageId): Hindrance {
  const named = /^\d{1,20}$/.test(page) ? `page ${page}` : 'its page'
  return { code: 'page-not-connected', text: `${named} is not connected here: connect it first` }
}

function cannot(code: string, text: string): ReadAgain {
  return { consents: [], hindrances: [{ code, text }] }
}
