/**
 * What may happen to a webhook between a fact and the callback. Shares run from 0 to 1 and are
 * drawn from the seed by the number of the event, so that equal seeds and calls meet equal
 * weather, whatever the callback answers and however long it takes.
 */
import type { JsonObject } from './json-object.ts'
import type { WebhookEvent } from './webhook-event.ts'
import { wireNumber } from './wire-number.ts'

export interface WebhookWeather {
  /** Events of one body, from those that were gathered together; 1 to 1000. */
  readonly eventsPerPostMax: number
  /** How long events gather before they are put into bodies; 0 = within one act. */
  readonly gatherMs: number
  /** Whether bodies are of any size up to the maximum, rather than full. */
  readonly sizesVary: boolean
  /** Whether repeats are put into new bodies with others that fell due, or split. */
  readonly rebatchOnRetry: boolean
  /** The share of events that come more than once, and how many more times at most. */
  readonly duplicateShare: number
  readonly duplicatesMax: number
  /** The share that is held back up to two seconds, so that later events overtake it. */
  readonly disorderShare: number
  /** The share that is held back for up to `lateMs`. */
  readonly lateShare: number
  readonly lateMs: number
  /** The share of referrals whose time is in seconds. */
  readonly secondsShare: number
  readonly numericIdShare: number
  readonly unknownMemberShare: number
  readonly missingSenderShare: number
  /** The share of policy events that are spelt `policy-enforcement`. */
  readonly policyHyphenShare: number
  /** The share whose `recipient.id` is another page than that of the entry. */
  readonly foreignRecipientShare: number
  /** The share of events that come in `standby[]`; opt-ins only with the switch beside it. */
  readonly standbyShare: number
  readonly standbyOptIns: boolean
  /** How bodies are signed, and the share that is signed with a wrong key all the same. */
  readonly signature: 'valid' | 'wrong' | 'former-secret' | 'none'
  readonly wrongSignatureShare: number
  readonly signatureHeaders: 'both' | 'sha256' | 'sha1'
  /** Which statuses count as received. */
  readonly receivedBy: 'only-200' | 'any-2xx' | 'any-2xx-or-3xx'
}

/** Nothing goes wrong, and one event fills one body. */
export const fairWeather: WebhookWeather = {
  eventsPerPostMax: 1,
  gatherMs: 0,
  sizesVary: false,
  rebatchOnRetry: false,
  duplicateShare: 0,
  duplicatesMax: 1,
  disorderShare: 0,
  lateShare: 0,
  lateMs: 60_000,
  secondsShare: 0,
  numericIdShare: 0,
  unknownMemberShare: 0,
  missingSenderShare: 0,
  policyHyphenShare: 0,
  foreignRecipientShare: 0,
  standbyShare: 0,
  standbyOptIns: false,
  signature: 'valid',
  wrongSignatureShare: 0,
  signatureHeaders: 'both',
  receivedBy: 'only-200',
}

/** Draws a number from 0 (included) to 1 (excluded); equal names give equal numbers. */
export type Draw = (name: string) => number

/** What becomes of one event: its final form, and when each copy of it sets out. */
export interface Fate {
  readonly event: WebhookEvent
  /** One wait for the event itself and one per duplicate. */
  readonly waitsMs: readonly number[]
}

/** Whether something that strikes a share strikes here. Nothing is drawn for a share of none. */
export function strikes(share: number, name: string, draw: Draw): boolean {
  return share > 0 && draw(name) < share
}

const DISORDER_MS_MAX = 2_000
/** Documented for `standby`; others come there only by a switch. */
const STANDBY_FIELDS = new Set([
  'messages',
  'message_reads',
  'message_deliveries',
  'message_echoes',
  'messaging_postbacks',
])

/** What the weather makes of an event. */
export function fateOf(event: WebhookEvent, weather: WebhookWeather, draw: Draw): Fate {
  const { duplicateShare, duplicatesMax } = weather
  const isRepeated = strikes(duplicateShare, 'duplicate', draw)
  const copies = isRepeated ? 1 + Math.floor(draw('duplicates') * duplicatesMax) : 0
  const waitsMs = Array.from({ length: copies + 1 }, (_, copy) => waitOf(copy, weather, draw))
  return { event: reshaped(event, weather, draw), waitsMs }
}

function waitOf(copy: number, weather: WebhookWeather, draw: Draw): number {
  const { disorderShare, lateShare, lateMs } = weather
  const isLate = strikes(lateShare, `late ${copy}`, draw)
  const isOvertaken = strikes(disorderShare, `overtaken ${copy}`, draw)
  const lateness = isLate ? 1 + Math.floor(draw(`late for ${copy}`) * lateMs) : 0
  return lateness + (isOvertaken ? 1 + Math.floor(draw(`held ${copy}`) * DISORDER_MS_MAX) : 0)
}

/** In an order in which the later can undo nothing of the earlier. */
const FORMS = [
  { share: 'secondsShare', name: 'seconds', form: inSeconds },
  { share: 'policyHyphenShare', name: 'hyphen', form: hyphenated },
  { share: 'missingSenderShare', name: 'sender', form: withoutSender },
  { share: 'foreignRecipientShare', name: 'recipient', form: forSomebodyElse },
  { share: 'numericIdShare', name: 'numeric', form: withNumericIds },
  { share: 'unknownMemberShare', name: 'unknown', form: withUnknownMember },
] as const

/** Each form by itself. */
function reshaped(event: WebhookEvent, weather: WebhookWeather, draw: Draw): WebhookEvent {
  if (event.array === 'changes') return event
  const array = isStandby(event, weather, draw) ? 'standby' : event.array
  const struck = FORMS.filter(({ share, name }) => strikes(weather[share], name, draw))
  const item = struck.reduce((shape, { form }) => form(shape), event.item)
  return { ...event, array, item: array === 'standby' ? withoutPayload(item) : item }
}

function isStandby({ field }: WebhookEvent, weather: WebhookWeather, draw: Draw): boolean {
  const comesThere =
    STANDBY_FIELDS.has(field) || (field === 'messaging_optins' && weather.standbyOptIns)
  return comesThere && strikes(weather.standbyShare, 'standby', draw)
}

/** "postback without payload" of the standby page. */
function withoutPayload(item: JsonObject): JsonObject {
  const { postback } = item
  if (typeof postback !== 'object' || postback === null) return item
  const { payload: _payload, ...rest } = { payload: null, ...postback }
  return { ...item, postback: rest }
}

function inSeconds(item: JsonObject): JsonObject {
  const { timestamp } = item
  if (item.referral === undefined || typeof timestamp !== 'number') return item
  return { ...item, timestamp: Math.floor(timestamp / 1_000) }
}

function hyphenated({ policy_enforcement: policy, ...rest }: JsonObject): JsonObject {
  return policy === undefined ? rest : { ...rest, 'policy-enforcement': policy }
}

function withoutSender({ sender: _sender, ...rest }: JsonObject): JsonObject {
  return rest
}

function forSomebodyElse(item: JsonObject): JsonObject {
  return { ...item, recipient: { id: '1' } }
}

function withNumericIds(item: JsonObject): JsonObject {
  const ends = ['sender', 'recipient'].flatMap((name) => {
    const end = item[name]
    const id = typeof end === 'object' && end !== null && 'id' in end ? end.id : null
    return typeof id === 'string' ? [[name, { id: wireNumber(id) }] as const] : []
  })
  return { ...item, ...Object.fromEntries(ends) }
}

function withUnknownMember(item: JsonObject): JsonObject {
  return { ...item, unannounced: { since: 1, members: ['new'] } }
}
