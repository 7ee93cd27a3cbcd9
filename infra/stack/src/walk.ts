import { randomUUID } from 'node:crypto'
import { openLog } from '@otn/bus'
import { createNotifier } from '@otn/client'
import type { NotificationEvent, OptInReceived } from '@otn/contracts'
import { waitFor } from '@otn/engines'
import { pageId, Secret, tokenId } from '@otn/kernel'
import { pepperKey } from '@otn/runtime'
import { createIdentity } from '@otn/vault'
import { callJson } from './http-json.ts'
import { logSettings } from './log-settings.ts'
import type { StackFile } from './stack-file.ts'

/** One row of the printed flow: what happened, where it is written down, when. */
export interface WalkRow {
  readonly step: string
  readonly what: string
  readonly atMs: number
}

const TOPIC = 'restock-1234'
const TEXT = 'The blue jacket is back.'
const WAIT_MS = 30_000
const quiet = { debug() {}, info() {}, warn() {}, error() {} }

/**
 * Sends one real opt-in through: the page asks, a person taps, the webhook becomes a token, a
 * command spends it, the ledger closes it. Every time in the rows was observed, none computed.
 */
export async function walk(stack: StackFile): Promise<readonly WalkRow[]> {
  const page = stack.pages[0]
  if (!page || stack.simulatorUrl === null)
    throw new Error('the walk needs the simulator and a page')
  const tapped = await askAndTap(stack.simulatorUrl, page.pageId)
  const identity = createIdentity(pepperKey(new Secret(stack.personPepper)))
  const id = identity.token(pageId(page.pageId), tapped.token)
  const folded = await untilState(stack, { id, state: 'live' })
  const commandId = `walk-${randomUUID()}`
  const spent = await notifyAndWait(stack, { page: page.pageId, psid: tapped.psid, commandId })
  const closed = await untilState(stack, { id, state: 'redeemed' })
  const log = await readLog(stack, { tokenId: id, commandId })
  const delivered = await deliveredAt(stack.simulatorUrl, tapped.token)
  const sent = `${spent.messageId.slice(0, 12)}…`
  return [
    { step: 'posted', what: `${page.name}: a person tapped Notify Me`, atMs: tapped.tappedAtMs },
    { step: 'translated', what: `topic ${TOPIC}, named by otn1`, atMs: log.optIn.at },
    {
      step: 'on the log',
      what: `OptInReceived ${log.optIn.eventId.slice(0, 8)}…`,
      atMs: log.optInAtMs,
    },
    { step: 'folded', what: `token ${id.slice(0, 8)}… is live`, atMs: folded },
    {
      step: 'asked for',
      what: `Notify ${commandId.slice(0, 13)}… “${TEXT}”`,
      atMs: spent.askedAtMs,
    },
    {
      step: 'decided',
      what: `attempt ${log.attempted.attempt}, route TOKEN`,
      atMs: log.attempted.at,
    },
    { step: 'carried out', what: 'NotificationAttempted is on the log', atMs: log.attemptedAtMs },
    { step: 'called', what: `the person's phone shows ${sent}`, atMs: delivered },
    { step: 'understood', what: `sent, ${log.sent.certainty}`, atMs: log.sent.at },
    {
      step: 'on the log',
      what: `NotificationSent ${log.sent.eventId.slice(0, 8)}…`,
      atMs: log.sentAtMs,
    },
    { step: 'closed', what: `token ${id.slice(0, 8)}… is redeemed`, atMs: closed },
  ]
}

interface Tapped {
  readonly psid: string
  readonly token: string
  readonly tappedAtMs: number
}

async function askAndTap(simulatorUrl: string, page: string): Promise<Tapped> {
  const payload = `otn1:${TOPIC}:walk`
  const asked = await post(`${simulatorUrl}/_sim/ask`, { pageId: page, payload })
  const psid = String(asked.psid)
  const tap = { pageId: page, psid, requestMid: asked.requestMid, waitMs: WAIT_MS }
  const tappedAtMs = Date.now()
  const tapped = await post(`${simulatorUrl}/_sim/tap`, tap)
  if (!tapped.delivered) throw new Error('the ingress did not take the webhook')
  return { psid, token: String(tapped.token), tappedAtMs }
}

async function untilState(
  stack: StackFile,
  { id, state }: { readonly id: string; readonly state: string },
): Promise<number> {
  const url = `${stack.ledgerUrl}/v1/tokens/${id}`
  const isThere = async () => (await callJson(url, { key: stack.apiKey })).body.state === state
  await waitFor(isThere, {
    timeoutMs: WAIT_MS,
    describe: `the token to be ${state}`,
    intervalMs: 5,
  })
  return Date.now()
}

async function notifyAndWait(
  stack: StackFile,
  {
    page,
    psid,
    commandId,
  }: { readonly page: string; readonly psid: string; readonly commandId: string },
): Promise<{ readonly askedAtMs: number; readonly messageId: string }> {
  const { kafkaBrokers, topicPrefix, schemaRegistryUrl } = stack
  await using notifier = await createNotifier({
    kafka: { brokers: kafkaBrokers, topicPrefix },
    schemaRegistryUrl,
    source: 'walk',
  })
  await notifier.notify({
    pageId: page,
    to: { psid, topic: TOPIC },
    text: TEXT,
    idempotencyKey: commandId,
  })
  const askedAtMs = Date.now()
  const outcome = await notifier.outcome(commandId, { pageId: page, waitMs: WAIT_MS })
  if (outcome.state !== 'sent') throw new Error(`the notification ended ${JSON.stringify(outcome)}`)
  return { askedAtMs, messageId: outcome.messageId ?? 'm_?' }
}

interface LogRows {
  readonly optIn: OptInReceived
  readonly optInAtMs: number
  readonly attempted: NotificationEvent
  readonly attemptedAtMs: number
  readonly sent: NotificationEvent
  readonly sentAtMs: number
}

/** The facts of one token and one command, with the times at which the broker took them. */
async function readLog(
  stack: StackFile,
  { tokenId: id, commandId }: { readonly tokenId: string; readonly commandId: string },
): Promise<LogRows> {
  const { bus, codec } = await openLog(logSettings(stack), { clientId: 'walk', log: quiet })
  const rows: Partial<{ -readonly [Name in keyof LogRows]: LogRows[Name] }> = {}
  const following = await bus.follow({
    topics: ['optIn', 'notification'],
    until: 'end',
    onCrash: () => {},
    onBatch: (batch) => {
      for (const { value, timestampMs } of batch.records) {
        const record = batch.topic === 'optIn' ? 'OptInReceived' : 'NotificationEvent'
        const decoded = codec.decode(record, value)
        if (decoded.kind === 'known')
          note(rows, { fact: decoded.value, timestampMs, id, commandId })
      }
    },
  })
  await following.finished
  await bus.close(2_000)
  if (!rows.optIn || !rows.attempted || !rows.sent)
    throw new Error('the log lacks a fact of the walk')
  return rows as LogRows
}

interface Seen {
  readonly fact: OptInReceived | NotificationEvent
  readonly timestampMs: number
  readonly id: string
  readonly commandId: string
}

function note(
  rows: Partial<{ -readonly [Name in keyof LogRows]: LogRows[Name] }>,
  { fact, timestampMs, id, commandId }: Seen,
): void {
  if (fact.type === 'OptInReceived') {
    if (fact.tokenId === tokenId(id)) Object.assign(rows, { optIn: fact, optInAtMs: timestampMs })
    return
  }
  if (fact.commandId !== commandId) return
  const at = timestampMs
  if (fact.type === 'NotificationAttempted')
    Object.assign(rows, { attempted: fact, attemptedAtMs: at })
  if (fact.type === 'NotificationSent') Object.assign(rows, { sent: fact, sentAtMs: at })
}

async function deliveredAt(simulatorUrl: string, token: string): Promise<number> {
  const { body } = await callJson(`${simulatorUrl}/_sim/truth?token=${token}`)
  const deliveries = body.deliveries as readonly { readonly atMs: number }[]
  if (deliveries.length !== 1) throw new Error(`${deliveries.length} deliveries for one token`)
  return deliveries[0]?.atMs ?? 0
}

async function post(url: string, body: unknown): Promise<Readonly<Record<string, unknown>>> {
  const answer = await callJson(url, { method: 'POST', body })
  if (answer.status === 200) return answer.body
  throw new Error(
    `${new URL(url).pathname} answered ${answer.status}: ${JSON.stringify(answer.body)}`,
  )
}
