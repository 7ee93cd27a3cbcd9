/** What a test asks the running system: ledger, dispatcher, Meta's hidden truth, the log. */
import { randomUUID } from 'node:crypto'
import { openLog } from '@otn/bus'
import { createNotifier, type Notifier } from '@otn/client'
import { kafkaTopics, type Records, type TopicAlias } from '@otn/contracts'
import { waitFor } from '@otn/engines'
import { eventId, pageId, pageScopedUserId, Secret } from '@otn/kernel'
import { pepperKey } from '@otn/runtime'
import { logSettings, type StackFile } from '@otn/stack'
import { createIdentity } from '@otn/vault'
import { request } from 'undici'

type Json = Readonly<Record<string, unknown>>

export async function call(
  url: string,
  options: {
    readonly method?: 'GET' | 'POST' | 'PUT'
    readonly key?: string
    readonly body?: unknown
  } = {},
): Promise<{ readonly status: number; readonly body: Json; readonly text: string }> {
  const { method = 'GET', key, body } = options
  const answer = await request(url, {
    method,
    headers: {
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await answer.body.text()
  return { status: answer.statusCode, text, body: isJson(text) ? JSON.parse(text) : {} }
}

function isJson(text: string): boolean {
  return text.startsWith('{') || text.startsWith('[')
}

export interface TruthOf {
  readonly deliveries: readonly {
    readonly mid: string
    readonly token: string | null
    readonly psid: string
  }[]
  readonly tokens: readonly {
    readonly token: string
    readonly state: string
    readonly calls: number
  }[]
  readonly callCount: number
}

/** The ids under which a stack knows people and tokens. */
export function identityOf(stack: StackFile) {
  const identity = createIdentity(pepperKey(new Secret(stack.personPepper)))
  return {
    token: (page: string, raw: string): string => identity.token(pageId(page), raw),
    person: (page: string, psid: string): string =>
      identity.person(pageId(page), pageScopedUserId(psid)),
  }
}

export async function truth(stack: StackFile, token?: string): Promise<TruthOf> {
  const query = token === undefined ? '' : `?token=${encodeURIComponent(token)}`
  const { body } = await call(`${stack.simulatorUrl}/_sim/truth${query}`)
  return body as unknown as TruthOf
}

async function tokenState(stack: StackFile, tokenId: string): Promise<unknown> {
  const { body } = await call(`${stack.ledgerUrl}/v1/tokens/${tokenId}`, { key: stack.apiKey })
  return body.state
}

export async function untilTokenState(
  stack: StackFile,
  tokenId: string,
  state: string,
): Promise<void> {
  const isThere = async () => (await tokenState(stack, tokenId)) === state
  await waitFor(isThere, { timeoutMs: 60_000, describe: `token ${tokenId} to be ${state}` })
}

export function notifierOf(stack: StackFile, source = 'e2e'): Promise<Notifier> {
  const { kafkaBrokers, topicPrefix, schemaRegistryUrl } = stack
  return createNotifier({
    kafka: { brokers: kafkaBrokers, topicPrefix },
    schemaRegistryUrl,
    source,
  })
}

/** Writes a fact of a page, as whoever runs the page would. */
export async function tellPage(
  stack: StackFile,
  fact: { readonly type: 'PagePaused' | 'PageResumed'; readonly pageId: string },
): Promise<void> {
  const { bus, codec } = await openLog(logSettings(stack, 1), { clientId: 'e2e', log: quiet })
  const about = { ...fact, pageId: pageId(fact.pageId), eventId: eventId(randomUUID()) }
  const value = codec.encode('PageEvent', { ...about, at: Date.now() })
  try {
    await bus.appender().append([{ topic: 'page', key: fact.pageId, value, headers: {} }])
  } finally {
    await bus.close(2_000)
  }
}

export interface LoggedRecord {
  readonly topic: TopicAlias
  readonly key: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly raw: Buffer
  readonly value: Records[keyof Records]
}

const quiet = { debug() {}, info() {}, warn() {}, error() {} }

/** Every record of some Kafka topics from offset 0 to their ends now. */
export async function readLog(
  stack: StackFile,
  topics: readonly TopicAlias[],
  replicationFactor = 1,
): Promise<readonly LoggedRecord[]> {
  const settings = logSettings(stack, replicationFactor)
  const { bus, codec } = await openLog(settings, { clientId: 'e2e', log: quiet })
  const records: LoggedRecord[] = []
  const following = await bus.follow({
    topics,
    until: 'end',
    onCrash: () => {},
    onBatch: ({ topic, records: batch }) => {
      for (const { key, headers, value } of batch) {
        const decoded = codec.decode(kafkaTopics[topic].record, value)
        if (decoded.kind !== 'known' || value === null) {
          throw new Error(`a record of ${topic} cannot be read: ${JSON.stringify(decoded)}`)
        }
        records.push({ topic, key: String(key), headers, raw: value, value: decoded.value })
      }
    },
  })
  await following.finished
  await bus.close(2_000)
  return records
}
