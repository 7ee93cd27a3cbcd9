/** A ledger as small as can be: it follows the log and says what design 3 says of each token. */
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Bus, Following } from '@otn/bus'
import {
  type Codec,
  kafkaTopics,
  type NotificationEvent,
  type OptInReceived,
  type OptInRequestEvent,
  type TopicAlias,
} from '@otn/contracts'
import { type Identity, type PersonId, pageId, pageScopedUserId } from '@otn/kernel'

const YEAR_MS = 365 * 86_400_000
const DECIDING = ['optIn', 'engagement', 'notification', 'optInRequestEvent', 'token'] as const

export interface FakeLedger extends AsyncDisposable {
  readonly url: string
  /** How often it was asked. */
  readonly asked: number
  /** Answers 503 while true. */
  isAway: boolean
  /** Answers as of the moment it was set to true. */
  isFrozen: boolean
  /** Of everybody. */
  windowOpenUntil: number | null
  /** The same. */
  thread: { readonly appId: string; readonly since: number } | null
}

type CallEvent = NotificationEvent | OptInRequestEvent

interface Item {
  readonly pageId: string
  readonly psid?: string
  readonly tokenId?: string
  /** Nobody is known by one here. */
  readonly externalUserId?: string
  readonly topic?: string
}

export async function startFakeLedger(parts: {
  readonly bus: Bus
  readonly codec: Codec
  readonly identity: Identity
  readonly prefix: string
}): Promise<FakeLedger> {
  const { bus, codec, identity, prefix } = parts
  const optIns: OptInReceived[] = []
  const facts: CallEvent[] = []
  let frozen: { optIns: number; facts: number; positions: Following['positions'] } | null = null
  const following = await bus.follow({
    topics: DECIDING,
    onBatch: ({ topic, records }) => {
      for (const { value } of records) {
        if (topic === 'optIn') keep(optIns, codec.decode('OptInReceived', value))
        if (topic === 'notification') keep(facts, codec.decode('NotificationEvent', value))
        if (topic === 'optInRequestEvent') keep(facts, codec.decode('OptInRequestEvent', value))
      }
    },
    onCrash: () => {},
  })
  await following.caughtUp
  const personOf = (item: Item): PersonId | null => {
    if (item.psid) return identity.person(pageId(item.pageId), pageScopedUserId(item.psid))
    return optIns.find(({ tokenId }) => tokenId === item.tokenId)?.person ?? null
  }
  const answer = (item: Item) => {
    const known = frozen ? optIns.slice(0, frozen.optIns) : optIns
    const told = frozen ? facts.slice(0, frozen.facts) : facts
    const positions = frozen?.positions ?? following.positions
    const person = personOf(item)
    const tokens = known.filter((optIn) =>
      item.tokenId
        ? optIn.tokenId === item.tokenId && optIn.pageId === item.pageId
        : optIn.person === person && optIn.topic === item.topic,
    )
    return {
      ...asOf(person, { bus, prefix, positions }),
      person,
      windowOpenUntil: ledger.windowOpenUntil,
      threadOwner: ledger.thread?.appId ?? null,
      threadOwnedSince: ledger.thread?.since ?? null,
      tokens: tokens.map((optIn) => candidate(optIn, told)),
    }
  }
  const list = (url: URL) => {
    const [page, topic] = [url.pathname.split('/')[3], url.searchParams.get('topic')]
    const live = optIns.filter(
      (optIn) =>
        optIn.pageId === page && optIn.topic === topic && stateIn(facts, optIn.tokenId) === 'live',
    )
    const byGrant = live.toSorted((a, b) => (listPlace(a) < listPlace(b) ? -1 : 1))
    const after = url.searchParams.get('after') ?? ''
    const limit = Number(url.searchParams.get('limit'))
    const items = byGrant.filter((optIn) => listPlace(optIn) > after).slice(0, limit)
    const last = items.length < limit ? undefined : items.at(-1)
    return { items, next: last ? listPlace(last) : null, persons: new Set(live.map(personIn)).size }
  }
  const get = (url: URL) => {
    if (url.pathname === '/v1/position') return { topics: allOf(prefix, following.positions) }
    const { items, next, persons } = list(url)
    if (url.pathname.endsWith('/audience')) return { persons, tokens: persons, expiring: 0 }
    return {
      items: items.map(({ tokenId, person, grantedAt }) => ({ tokenId, person, grantedAt })),
      next,
    }
  }
  const server = createServer(async (request, response) => {
    if (request.method === 'GET') {
      response.writeHead(ledger.isAway ? 503 : 200, { 'content-type': 'application/json' })
      response.end(JSON.stringify(get(new URL(request.url ?? '/', 'http://ledger'))))
      return
    }
    const { items } = JSON.parse(await textOf(request))
    ledger.asked += 1
    if (ledger.isFrozen && !frozen) {
      frozen = { optIns: optIns.length, facts: facts.length, positions: copy(following.positions) }
    }
    if (!ledger.isFrozen) frozen = null
    const [status, body] = ledger.isAway ? [503, {}] : [200, { items: items.map(answer) }]
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const ledger = {
    url: `http://127.0.0.1:${port}`,
    asked: 0,
    isAway: false,
    isFrozen: false,
    windowOpenUntil: null as number | null,
    thread: null as FakeLedger['thread'],
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await following.close(2_000)
    },
  }
  return ledger
}

const personIn = ({ person }: OptInReceived) => person

/** Oldest grant first; instants of one length compare as texts. */
function listPlace({ grantedAt, tokenId }: OptInReceived): string {
  return `${grantedAt}-${tokenId}`
}

function allOf(prefix: string, positions: Following['positions']) {
  const named = DECIDING.map((topic) => [
    `${prefix}${kafkaTopics[topic].name}`,
    (positions[topic] ?? []).map(String),
  ])
  return Object.fromEntries(named)
}

function keep<T>(list: T[], decoded: { readonly kind: string; readonly value?: T }): void {
  if (decoded.kind === 'known' && decoded.value) list.push(decoded.value)
}

function candidate(optIn: OptInReceived, facts: readonly CallEvent[]) {
  const { tokenId, topic = null, grantedAt, eventId, keyId, sealed } = optIn
  return {
    ...{ tokenId, topic, state: stateIn(facts, tokenId), refusals: 0, eventId, keyId },
    ...{ grantedAt, expiresAt: grantedAt + YEAR_MS },
    sealed: sealed.toString('base64'),
  }
}

function stateIn(facts: readonly CallEvent[], token: string): string {
  const about = facts.filter(({ tokenId, attempt }) => tokenId === token && attempt > 0)
  if (about.some(({ type }) => type.endsWith('Sent'))) return 'redeemed'
  const last = about.at(-1)
  if (!last) return 'live'
  if (last.type.endsWith('Attempted')) return 'reserved'
  if (last.type.endsWith('InDoubt')) return 'in-doubt'
  return last.tokenReleased ? 'live' : 'rejected'
}

function asOf(
  person: PersonId | null,
  {
    bus,
    prefix,
    positions,
  }: { readonly bus: Bus; readonly prefix: string; readonly positions: Following['positions'] },
) {
  const named = <T>(of: (topic: TopicAlias) => T) =>
    Object.fromEntries(DECIDING.map((topic) => [`${prefix}${kafkaTopics[topic].name}`, of(topic)]))
  const next = (topic: TopicAlias) => (positions[topic] ?? []).map(String)
  if (person === null) return { asOf: {}, asOfAll: named(next) }
  return { asOf: named((topic) => next(topic)[bus.partitionOf(topic, person)] ?? '0') }
}

function copy(positions: Following['positions']): Following['positions'] {
  return Object.fromEntries(Object.entries(positions).map(([name, next]) => [name, [...next]]))
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString('utf8')
}
