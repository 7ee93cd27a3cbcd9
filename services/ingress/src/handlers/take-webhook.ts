import { appError, type Identity, type PageId, parseBody } from '@otn/kernel'
import { NO_PAGE } from '@otn/policy'
import type { Fact } from '../domain/facts.ts'
import type { Pages } from '../domain/pages.ts'
import { bodyContent, quarantineFact } from '../domain/quarantine.ts'
import { type Translated, translate } from '../domain/translate.ts'
import type { ItemResult, Surroundings } from '../domain/webhook-item.ts'
import type {
  Authenticator,
  Journal,
  SealedRecord,
  TakeWebhook,
  Tell,
  VerifiedWebhook,
  WebhookReport,
} from '../ports.ts'

export interface TakeWebhookPorts {
  readonly digest: Authenticator['digest']
  readonly identity: Identity
  readonly pages: Pages
  readonly journal: Journal
  readonly tell: Pick<Tell, 'accepted' | 'notAcknowledged'>
  /** From the head of the request to the answer that Kafka did not acknowledge. */
  readonly deadlineMs: number
}

/** What a body that arrived slowly leaves to Kafka at least. */
const APPEND_MS_MIN = 100
const TOO_LARGE = {
  kind: 'quarantined',
  reason: 'record-too-large',
  detail: 'a record of it is above the limit of its Kafka topic',
} as const satisfies ItemResult
/** Correlation ids are as long as event ids. */
const CORRELATION_DIGITS = 32

/** Takes a verified webhook to the log: parse, translate, append, tell. */
export function takeWebhook(ports: TakeWebhookPorts): TakeWebhook {
  const { journal, pages, tell } = ports
  return async (webhook, elapsedMs) => {
    const { body } = webhook
    const around = surroundings(webhook, ports)
    const bodyBase64 = () => body.toString('base64')
    const translated = translate({ body: parseBody(body), bodyBase64 }, around)
    const kept = translated.map((item) => keep(item, { journal, around, bodyBase64 }))
    const records = kept.flatMap((item) => item.records)
    const report = (): WebhookReport => ({
      correlationId: around.correlationId,
      bodySha256: around.bodySha256,
      bodyBytes: body.length,
      durationMs: elapsedMs(),
      results: kept.map(({ result }) => result),
      records: records.length,
      unknownPageItems: translated.filter(({ place }) => isUnknown(place.page, pages)).length,
    })
    try {
      const left = ports.deadlineMs - elapsedMs()
      if (records.length > 0) await journal.append(records, Math.max(left, APPEND_MS_MIN))
    } catch (cause) {
      tell.notAcknowledged(report(), cause)
      const publicMessage = 'the log did not acknowledge in time; send the webhook again'
      const message = 'not acknowledged'
      const details = { pages: pagesOf(translated) }
      throw appError('OTN_HTTP_UNAVAILABLE', { message, publicMessage, cause, details })
    }
    tell.accepted(report())
    return records.length
  }
}

function surroundings(
  { body, receivedAtMs }: VerifiedWebhook,
  { digest, identity, pages }: TakeWebhookPorts,
): Surroundings {
  const bodySha256 = digest(body)
  return {
    identity,
    nameTopic: pages.nameTopic,
    nowMs: receivedAtMs,
    bodySha256,
    correlationId: bodySha256.slice(0, CORRELATION_DIGITS),
  }
}

/** What the recent errors name; nobody learns of it from the answer. */
function pagesOf(translated: readonly Translated[]): readonly PageId[] {
  const pages = new Set(translated.map(({ place }) => place.page))
  return [...pages].filter((page) => page !== NO_PAGE)
}

function isUnknown(page: PageId, pages: Pages): boolean {
  return page !== NO_PAGE && !pages.isConnected(page)
}

interface Keeping {
  readonly journal: Journal
  readonly around: Surroundings
  readonly bodyBase64: () => string
}

interface Kept {
  readonly result: ItemResult
  readonly records: readonly SealedRecord[]
}

/** What an item leaves on the log; where a record is too large, the whole item as quarantine. */
function keep({ place, result }: Translated, { journal, around, bodyBase64 }: Keeping): Kept {
  if (result.kind === 'counted') return { result, records: [] }
  const facts: readonly Fact[] =
    result.kind === 'facts' ? result.facts : [quarantineFact({ ...place, ...result }, around)]
  const records = facts.map(journal.seal).filter((record) => record !== null)
  if (records.length === facts.length) return { result, records }
  for (const content of [place.content, bodyContent(bodyBase64())]) {
    const record = journal.seal(quarantineFact({ ...place, ...TOO_LARGE, content }, around))
    if (record) return { result: TOO_LARGE, records: [record] }
  }
  throw new Error('a body within the limit of the door does not fit its quarantine')
}
