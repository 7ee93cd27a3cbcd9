/** A ledger process: it folds the log by the real projection and gives the real answers. */
import type { Batch } from '@otn/bus'
import { kafkaTopics } from '@otn/contracts'
import type { LedgerAnswer, LedgerQuestion } from '@otn/dispatcher/decisions'
import { appError } from '@otn/kernel'
import {
  type EventHandlers,
  foldBatches,
  LEDGER_TOPICS,
  type LedgerTopic,
  onEngagementEvent,
  onNotificationEvent,
  onOptInReceived,
  onOptInRequestEvent,
  onPageEvent,
  onTokenEvent,
  type Store,
  type Telemetry,
} from '@otn/token-ledger/decisions'
import type { Actor } from './actor.ts'
import { storeAway } from './claims-ports.ts'
import { partitionsOf } from './kafka.ts'
import { candidateAnswer } from './ledger-answer.ts'
import { ledgerStoreOf } from './ledger-store.ts'
import { onlyKilled } from './ticker.ts'
import { watchedFolds } from './token-coverage.ts'
import type { LedgerApi, Universe } from './universe.ts'

export const ledgerHandlers: EventHandlers = {
  page: onPageEvent('p'),
  engagement: onEngagementEvent(() => null),
  optIn: onOptInReceived,
  notification: onNotificationEvent,
  optInRequestEvent: onOptInRequestEvent,
  token: onTokenEvent,
}

const CATCH_UP_MS = 500
const nameOf = (topic: LedgerTopic) => kafkaTopics[topic].name
const nothing = () => {}
const silent = new Proxy({}, { get: () => nothing }) as unknown as Telemetry

/** Resolves when it folds. Throws where it cannot start now. */
export async function startLedger(universe: Universe, actor: Actor): Promise<LedgerApi> {
  const { ledgerDatabase, wire, groups, fail, bytes } = universe
  const prepare = () => {
    if (ledgerDatabase.generation === null) ledgerDatabase.prepare(`l-${actor.name}`, LEDGER_TOPICS)
    return ledgerDatabase.generation?.id ?? ''
  }
  const call = { label: 'ledger.prepare', effect: prepare, error: storeAway }
  const store = ledgerStoreOf(universe, actor, await wire.call(actor, call))
  const fold = foldBatches({
    ...{ store, codec: bytes.codec, tell: silent, nameOf },
    handlers: watchedFolds(ledgerHandlers, universe.coverage),
    parking: { park: async () => {} },
    fail: (error) => fail(actor, error),
  })
  const ends = endsNow(universe)
  const { cursors } = await store.now()
  const next = await cursors.readAll()
  groups.ledger.join({
    actor,
    startAt: ({ topic, partition }) => next[topic as LedgerTopic][partition] ?? null,
    onBatch: (batch) => fold(trusted(universe, batch)),
    onCrash: (error) => fail(actor, error),
  })
  void catchUp({ universe, actor, store }, ends).catch((error) => {
    if (actor.isAlive) fail(actor, error)
    else onlyKilled(error)
  })
  return { actor, ask: (question) => answer(universe, store, question) }
}

/** A planted bug believes Kafka's position and looks at no cursor. */
function trusted({ flaw, ledgerDatabase }: Universe, batch: Batch): Batch {
  const [first] = batch.records
  if (flaw === 'projection without offset guard' && first) {
    ledgerDatabase.cursors.set(`${batch.topic}/${batch.partition}`, first.offset)
  }
  return batch
}

interface Opened {
  readonly universe: Universe
  readonly actor: Actor
  readonly store: Store
}

/** Nothing is answered before the log was folded to its end once. */
async function catchUp(
  { universe: { wire }, actor, store }: Opened,
  ends: ReadonlyMap<string, number>,
): Promise<void> {
  for (;;) {
    const found = await store.now().catch(ifAway)
    if (found?.generation.state === 'live') return
    const offsets = await found?.cursors.readAll().catch(ifAway)
    const isBehind = [...ends].some(([place, end]) => {
      const [topic = '', partition = ''] = place.split('/')
      return Number(offsets?.[topic as LedgerTopic][Number(partition)] ?? -1) < end
    })
    if (offsets && !isBehind) await store.goLive().catch(ifAway)
    await wire.sleep(actor, CATCH_UP_MS)
  }
}

function ifAway(error: unknown): null {
  if (error instanceof Error && 'retryable' in error && error.retryable === true) return null
  throw error
}

function endsNow({ kafka }: Universe): ReadonlyMap<string, number> {
  const places = LEDGER_TOPICS.flatMap((topic) =>
    partitionsOf(topic).map((partition) => ({ topic, partition })),
  )
  return new Map(
    places.map((place) => [`${place.topic}/${place.partition}`, kafka.log(place).length]),
  )
}

async function answer(
  { ledgerDatabase, clock }: Universe,
  store: Store,
  question: LedgerQuestion,
): Promise<LedgerAnswer> {
  const { generation, model, cursors } = await store.now()
  if (generation.state !== 'live') throw appError('OTN_HTTP_UNAVAILABLE', { message: 'filling' })
  const found = await candidateAnswer({ ledgerDatabase, clock, model, cursors }, question)
  const after = await store.now()
  if (after.generation.id !== generation.id) throw storeAway()
  return found
}
