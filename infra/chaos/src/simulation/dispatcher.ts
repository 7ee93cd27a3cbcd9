/** A dispatcher process: the start barrier, then consumers, lanes and the look for what is due. */
import type { Notify, RequestOptIn } from '@otn/contracts'
import {
  type CursorConsumer,
  consumeWithCursor,
  createPages,
  createWithdrawalsRead,
  everyTickDue,
  MemoryLanes,
  onCancelNotification,
  onCommandDue,
  onNotify,
  onPageEvent,
  onRequestOptIn,
  type Read,
  runLane,
  tellFacts,
} from '@otn/dispatcher/decisions'
import { isAppError } from '@otn/kernel'
import type { Actor } from './actor.ts'
import { identity } from './bytes.ts'
import {
  agendaOf,
  booksOf,
  type ClaimsAccess,
  commandsOf,
  gateOf,
  inboxOf,
} from './claims-ports.ts'
import { lifeOf } from './coverage.ts'
import { flawedBooks, flawedCommands, flawedHandling } from './flawed-ports.ts'
import { followPages } from './follow-pages.ts'
import type { Member } from './group.ts'
import { type OpenedClaims, openClaims } from './open-claims.ts'
import { nameOf, type OuterPorts, outerPorts } from './outer-ports.ts'
import { type CommandStream, type OwnStream, streamHandlers } from './own-streams.ts'
import { parkingOf } from './parking.ts'
import { Random } from './random.ts'
import { SETTINGS } from './settings.ts'
import { laneTelemetry } from './telemetry.ts'
import { createTicker, type Ticker } from './ticker.ts'
import type { Universe } from './universe.ts'

const TICK_MS = 30_000
const RUN_AGAIN_MS = 1_000
const LOOK_MAX = 10

/** Everything of one process. */
interface Process {
  readonly universe: Universe
  readonly actor: Actor
  readonly access: ClaimsAccess
  readonly outer: OuterPorts
  readonly ticker: Ticker
  readonly pages: ReturnType<typeof createPages>
}

/** Resolves when it has joined its groups. Throws where it cannot start now. */
export async function startDispatcher(universe: Universe, actor: Actor): Promise<void> {
  const { kafka, claims, wire, judge } = universe
  const outer = outerPorts(universe, actor)
  const ticker = createTicker(universe, actor, TICK_MS)
  const followed = { next: 0 }
  const positions = kafka.positions(actor)
  const pages = createPages(async () => {
    const [end = 0n] = await positions.endOffsets('page')
    return BigInt(followed.next) >= end
  })
  const access = { claims, wire, actor }
  const process = { universe, actor, access, outer, ticker, pages }
  const live: { lanes: MemoryLanes | null } = { lanes: null }
  const resume = {
    resume: (page: Parameters<MemoryLanes['resume']>[0]) => live.lanes?.resume(page),
  }
  const onEvent = onPageEvent({ pages, lanes: resume, pepperCheck: 'p' })
  await followPages(universe, actor, { onEvent, followed })
  const handlers = streamHandlers(universe, actor, { outer, access })
  judge.starting(actor)
  const opened = await openClaims(universe, access, handlers)
  live.lanes = open(process, opened)
}

function open(process: Process, opened: OpenedClaims): MemoryLanes {
  const { universe, actor, access, outer, ticker, pages } = process
  const { scheduler, wire, clock, policy } = universe
  const tell = laneTelemetry(universe, actor)
  const commands = flawedCommands(universe, commandsOf(access))
  const lanes = lanesOf(process, (document) => run(document))
  const gate = gateOf(access, opened.generation)
  const machineMs = () => scheduler.nowMs
  const lane = {
    ...{ ...outer, commands, tell, clock, lanes, gate, machineMs, pages },
    worker: actor.name,
    sleep: (ms: number) => wire.sleep(actor, ms),
    random: chance(),
    quietUntil: () => null,
    isClosing: () => false,
    calls: SETTINGS.calls,
  }
  const due = {
    ...{ ...lane, ...outer, doubt: { policy, ...SETTINGS.doubt } },
    withdrawalsRead: createWithdrawalsRead({
      readEnds: () => universe.kafka.positions(actor).endOffsets('token'),
      readCursor: (partition) => opened.cursors.read({ topic: nameOf('token'), partition }),
    }),
    // Nobody steers a campaign here.
    brakes: { look: async () => null },
    books: flawedBooks(universe, booksOf(access)),
    asking: SETTINGS.asking,
    notifying: SETTINGS.notifying,
    runLane: runLane(lane),
    tellFacts: tellFacts({ commands, facts: outer.facts, gate, machineMs }),
  }
  const run = onCommandDue(due)
  const taking = { leaseMs: SETTINGS.calls.leaseMs, worker: actor.name }
  const agenda = agendaOf(access, taking, (document) =>
    universe.coverage.saw(lifeOf(document), 'due'),
  )
  ticker.begin(everyTickDue({ agenda, pages, lanes, clock, tell, limit: LOOK_MAX }))
  const isForgetful = universe.flaw === 'LRU-only dedupe'
  const inbox = inboxOf(access, isForgetful ? new Set() : null)
  const parking = parkingOf(universe, actor)
  const recording = { ...due, inbox, parking, identity, lanes, tell }
  join(process, opened, {
    notify: flawedHandling(universe, onNotify(recording)),
    optInRequest: flawedHandling(universe, onRequestOptIn(recording)),
    cancel: onCancelNotification(recording),
  })
  return lanes
}

function lanesOf(
  { universe, actor, ticker }: Process,
  run: (document: Parameters<MemoryLanes['admit']>[0]) => Promise<void>,
): MemoryLanes {
  const { scheduler, fail, clock, wire } = universe
  const tell = laneTelemetry(universe, actor)
  return new MemoryLanes({
    run,
    failed: (_document, error) => {
      tell.runFailed(error)
      if (isAppError(error, 'OTN_STORE_GENERATION_LOST')) fail(actor, error)
      return isAppError(error) && error.retryable ? RUN_AGAIN_MS : SETTINGS.calls.leaseMs
    },
    concurrency: SETTINGS.laneConcurrency,
    queueMax: 8,
    totalMax: SETTINGS.concurrency,
    recheckMs: SETTINGS.recheckMs,
    ...SETTINGS.pace,
    // Several processes share a pace by a store of their own, which is no part of these worlds.
    shares: { shareOf: () => 1, ready: async () => {}, spend: () => null },
    sleep: (ms: number) => wire.sleep(actor, ms),
    nowMs: () => clock.nowMs(),
    random: chance(),
    machineMs: () => scheduler.nowMs,
    wakeIn: ticker.wakeIn,
  })
}

/** Jitter, beside the numbers that a seed stands for: a wait more changes no world. */
function chance(): () => number {
  const random = new Random(1)
  return () => random.below(1_000) / 1_000
}

type OnCommands = { readonly [Topic in CommandStream]: CursorConsumer<Topic>['handle'] }

/** Commands in one group, our own streams in another. */
function join(
  { universe, actor, access, outer }: Process,
  { cursors }: OpenedClaims,
  onCommands: OnCommands,
): void {
  const { groups, bytes, fail } = universe
  const reading = { codec: bytes.codec, nameOf, cursors, retried: () => {} }
  const handlers = streamHandlers(universe, actor, { outer, access })
  const startAt = (place: { topic: Parameters<typeof nameOf>[0]; partition: number }) =>
    cursors.lastKnown({ topic: nameOf(place.topic), partition: place.partition })
  const stream = <Topic extends OwnStream | CommandStream>(
    topic: Topic,
    handle: CursorConsumer<Topic>['handle'],
  ) => consumeWithCursor<Topic>({ ...reading, topic, handle })
  const { notify, optInRequest, cancel } = onCommands
  const streams = {
    notify: stream('notify', seen(universe, notify)),
    optInRequest: stream('optInRequest', seen(universe, optInRequest)),
    cancel: stream('cancel', cancel),
    notification: stream('notification', handlers.notification),
    optInRequestEvent: stream('optInRequestEvent', handlers.optInRequestEvent),
    receipt: stream('receipt', handlers.receipt),
    token: stream('token', handlers.token),
  }
  const isStream = (topic: string): topic is keyof typeof streams => Object.hasOwn(streams, topic)
  const onBatch: Member['onBatch'] = async (batch) => {
    if (isStream(batch.topic)) return streams[batch.topic](batch)
    throw new Error(`${batch.topic} was not asked for`)
  }
  const member = { actor, startAt, onBatch, onCrash: (error: unknown) => fail(actor, error) }
  groups.commands.join(member)
  groups.facts.join(member)
}

/** The same, and the state that each command was met in is noted. */
function seen<T extends Notify | RequestOptIn>(
  { coverage, claims }: Universe,
  handle: (reads: readonly Read<T>[]) => Promise<void>,
): (reads: readonly Read<T>[]) => Promise<void> {
  return async (reads) => {
    for (const read of reads) if (read.kind === 'known') coverage.command(claims, read.value)
    await handle(reads)
  }
}
