import type { ReceiptEvent } from '@otn/contracts'
import {
  isObject,
  type JsonObject,
  member,
  messageId,
  pageScopedUserId,
  readFilledText,
  readId,
  readInstant,
} from '@otn/kernel'
import type { ReceiptFact } from './facts.ts'
import {
  commonFields,
  counted,
  facts,
  type ItemResult,
  malformed,
  occurredAt,
  type Surroundings,
  type WebhookItem,
} from './webhook-item.ts'

/** Metadata of our own sends begins so; a stranger's is not ours to keep. */
const OWN_METADATA = 'otn1.'

interface Receipt {
  readonly type: ReceiptEvent['type']
  readonly kind: string
  readonly psid: string
  readonly mid: string | null
  /** Says when it happened, where the item itself does not. */
  readonly watermark?: number | null
}

/** An echo of what a page sent. Page and person may stand swapped: the person is not the page. */
export function translateEcho(item: WebhookItem, around: Surroundings): ItemResult {
  const { page, sender, recipient, json } = item
  if (sender === null || recipient === null) return malformed(['sender.id or recipient.id'])
  if (sender !== page && recipient !== page) return counted('page-mismatch')
  const psid = sender === page ? recipient : sender
  const mid = readFilledText(member(json.message, 'mid'))
  if (mid === null || psid === page) return malformed(['message.mid or the person'])
  const metadata = readFilledText(member(json.message, 'metadata'))
  const type = 'MessageEchoed'
  const value = {
    ...receiptFields(item, { type, kind: 'echo', psid, mid }, around),
    type,
    messageId: messageId(mid),
    appId: readId(member(json.message, 'app_id')),
    metadata: metadata?.startsWith(OWN_METADATA) ? metadata : null,
  } as const
  return facts(receipt(value))
}

/** One fact for each message; the watermark only where no message is named. */
export function translateDelivery(item: WebhookItem, around: Surroundings): ItemResult {
  const { sender: psid, json } = item
  if (psid === null) return malformed(['sender.id'])
  if (!isObject(json.delivery)) return malformed(['delivery'])
  const mids = midsOf(json.delivery)
  const watermark = readInstant(member(json.delivery, 'watermark'))
  if (mids === null) return malformed(['delivery.mids'])
  if (mids.length === 0 && watermark === null) return malformed(['delivery.watermark'])
  const type = 'MessageDelivered'
  const delivery = { type, kind: 'delivery', psid, watermark } as const
  if (mids.length === 0) {
    const value = receiptFields(item, { ...delivery, mid: null }, around)
    return facts(receipt({ ...value, type, watermark }))
  }
  const fieldsOf = (mid: string) => receiptFields(item, { ...delivery, mid }, around)
  const delivered = mids.map((mid) =>
    receipt({ ...fieldsOf(mid), type, messageId: messageId(mid) }),
  )
  return { kind: 'facts', facts: delivered }
}

export function translateRead(item: WebhookItem, around: Surroundings): ItemResult {
  const { sender: psid, json } = item
  if (psid === null) return malformed(['sender.id'])
  const watermark = readInstant(member(json.read, 'watermark'))
  if (watermark === null) return malformed(['read.watermark'])
  const type = 'MessageRead'
  const value = receiptFields(item, { type, kind: 'read', psid, mid: null, watermark }, around)
  return facts(receipt({ ...value, type, watermark }))
}

/** The messages a delivery names, each once; null where something in the list is no message id. */
function midsOf(delivery: JsonObject): readonly string[] | null {
  const listed = member(delivery, 'mids')
  if (listed === undefined || listed === null) return []
  if (!Array.isArray(listed)) return null
  const mids = listed.map(readFilledText).filter((mid) => mid !== null)
  return mids.length === listed.length ? [...new Set(mids)] : null
}

function receiptFields(
  item: WebhookItem,
  { type, kind, psid, mid, watermark = null }: Receipt,
  around: Surroundings,
) {
  return {
    ...commonFields(item, around, { type, psid, kind, mid }),
    person: around.identity.person(item.page, pageScopedUserId(psid)),
    occurredAt: occurredAt(item, around, watermark),
    standby: item.standby,
  }
}

function receipt(value: ReceiptFact['value']): ReceiptFact {
  return { topic: 'receipt', key: value.person, value, content: null }
}
