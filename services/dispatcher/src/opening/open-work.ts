/** The live part: lanes, the look for what is due, and the consumers. */
import { randomUUID } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import type { TopicAlias } from '@otn/contracts'
import { isAppError, type PageId } from '@otn/kernel'
import { agendaIn } from '../adapters/agenda-mongodb.ts'
import { booksIn } from '../adapters/books-mongodb.ts'
import { brakesIn } from '../adapters/brakes-mongodb.ts'
import { countOpen, type OpenCount } from '../adapters/count-open-mongodb.ts'
import { digestOf } from '../adapters/digest-mongodb.ts'
import { doubtsIn } from '../adapters/doubts-mongodb.ts'
import { inboxIn } from '../adapters/inbox-mongodb.ts'
import { MemoryLanes } from '../adapters/lanes-memory.ts'
import { type PageShares, StoredPageShares } from '../adapters/page-shares.ts'
import { publishNotify } from '../adapters/publish-command.ts'
import { shareStoreIn } from '../adapters/share-store-mongodb.ts'
import { startTicker, type Ticker } from '../adapters/ticker.ts'
import { watchStore } from '../adapters/watch-store.ts'
import { createGate } from '../adapters/withdrawals-mongodb.ts'
import { createWithdrawalsRead } from '../adapters/withdrawals-read.ts'
import type { DispatcherValues } from '../config.ts'
import type { StoredCommand } from '../domain/document.ts'
import { everyTickDue } from '../handlers/every-tick-due.ts'
import { onCancelNotification } from '../handlers/on-cancel-notification.ts'
import { onCommandDue } from '../handlers/on-command-due.ts'
import { onNotify, recordNotify } from '../handlers/on-notify.ts'
import { onRequestOptIn } from '../handlers/on-request-opt-in.ts'
import { settleDoubt } from '../handlers/post-settlement.ts'
import { previewNotification } from '../handlers/preview-notification.ts'
import { previewRequest } from '../handlers/preview-request.ts'
import { runLane } from '../handlers/run-lane.ts'
import type { InboxPorts, Parking } from '../inbox-ports.ts'
import { notifySettings } from '../notifying-settings.ts'
import { dayBudgetOf } from '../pacing-settings.ts'
import type { DuePorts, LanePorts, Pages } from '../ports.ts'
import { quietHoursOf } from '../quiet-settings.ts'
import { observeConsumers, observeDocuments, observeLanes } from '../telemetry.ts'
import { openCampaigns } from './open-campaigns.ts'
import type { Claims, StreamHandlers } from './open-claims.ts'
import { openConsumers } from './open-consumers.ts'
import type { Engines } from './open-engines.ts'
import {
  claimPorts,
  doubtLimits,
  type OuterPorts,
  requestSettings,
  tokenSafe,
} from './open-ports.ts'
import type { Inside, Opening } from './opening.ts'

export interface WorkParts extends Opening {
  readonly engines: Engines
  readonly outer: OuterPorts
  readonly pages: Pages
  readonly parking: Parking
  readonly claims: Claims
  readonly handlers: StreamHandlers
  /** Pages that the platform had stopped when the last process ended. */
  readonly stood: readonly PageId[]
  readonly nameOf: (topic: TopicAlias) => string
}

export interface Work extends Inside {
  readonly resume: (page: PageId) => void
}

/** Most documents of one look for what is due. */
const LOOK_MAX = 200
/** Commands of one page in memory, for each that runs. */
const QUEUE_PER_RUN = 4
/** An engine that was away for a moment must not cost the whole of a lease. */
const RUN_AGAIN_MS = 1_000
const COUNT_EVERY_MS = 15_000
/** How often the shares of pages are looked at. */
const RENEW_MS = 1_000
const CLOSE_MS = 10_000

const MACHINE = {
  machineMs: () => performance.now(),
  sleep: (ms: number) => delay(ms),
  random: () => Math.random(),
} as const

export function openWork(values: DispatcherValues, parts: WorkParts): Work {
  const { engines, claims, tell, metrics, clock, identity, outer } = parts
  const { database, generation, generations } = claims
  const state: { ticker: Ticker | null; isClosing: boolean } = { ticker: null, isClosing: false }
  const worker = randomUUID()
  const shares = new StoredPageShares({
    ...{ store: shareStoreIn(database.state), worker, leaseMs: values.shareLeaseMs },
    ...{ budgetOf: dayBudgetOf(values), machineMs: MACHINE.machineMs, nowMs: () => clock.nowMs() },
  })
  const lanes = createLanes(values, parts, {
    shares,
    run: (document) => run(document),
    wakeIn: (ms) => state.ticker?.wakeIn(ms),
  })
  for (const page of parts.stood) lanes.tryFirst(page)
  const due = duePorts(values, parts, { lanes, worker, isClosing: () => state.isClosing })
  const run = onCommandDue(due)
  const agenda = agendaIn(database.commands, { leaseMs: values.leaseMs, worker })
  const looking = { agenda, pages: parts.pages, lanes, clock, tell, limit: LOOK_MAX }
  state.ticker = startTicker(everyTickDue(looking), { everyMs: values.tickMs })
  const recorded = { inbox: parts.seams.inbox(inboxIn(database.commands)), lanes }
  const inbox: InboxPorts = { ...due, ...parts, ...recorded }
  const campaigns = openCampaigns(values, parts, { due, inbox })
  const onCommands = { ...onEachCommand(inbox), campaign: campaigns.onCommand }
  const consumers = openConsumers(values, { ...parts, onCommands })
  const watch = watchStore(() => generations.require(generation.id), {
    fail: parts.fail,
    away: (error) => tell.engineAwaited('mongodb', error),
  })
  const renewing = setInterval(() => void shares.renew((page) => lanes.useOf(page)), RENEW_MS)
  const counting = countNowAndThen(() => countOpen(database.commands))
  observeLanes(metrics, lanes)
  observeDocuments(metrics, () => counting.counts)
  observeConsumers(metrics, consumers)
  const [appender, deadlineMs] = [
    engines.bus.appender({ name: 'commands' }),
    values.appendTimeoutMs,
  ]
  const gate = createGate(database.state, generation.id)
  const planning = { sender: outer.sender, gate, identity, patienceMs: deadlineMs / 2 }
  const previewing = { ...due, ...MACHINE, ...planning }
  return {
    commands: due.commands,
    notifyLog: { publish: publishNotify({ appender, codec: engines.codec, deadlineMs }) },
    record: recordNotify({ ...inbox, identity }),
    preview: previewNotification(previewing),
    previewRequest: previewRequest(previewing),
    campaigns: campaigns.door,
    digest: () => digestOf(database),
    doubts: doubtsIn(database.commands),
    settle: settleDoubt({ ...due, tell }),
    resume: (page) => lanes.resume(page),
    notReady: () => (watch.isReachable ? [] : ['MongoDB does not answer']),
    close: async () => {
      counting.close()
      await consumers.close(CLOSE_MS)
      await Promise.all([state.ticker?.close(), campaigns.close()])
      await Promise.race([lanes.close(), delay(values.leaseMs / 2, undefined, { ref: false })])
      state.isClosing = true
      clearInterval(renewing)
      await Promise.race([shares.close(), delay(CLOSE_MS, undefined, { ref: false })])
      watch.close()
    },
  }
}

const onEachCommand = (inbox: InboxPorts) => ({
  notify: onNotify(inbox),
  optInRequest: onRequestOptIn(inbox),
  cancel: onCancelNotification(inbox),
})

interface LaneParts {
  readonly run: (document: StoredCommand) => Promise<void>
  readonly wakeIn: (ms: number) => void
  readonly shares: PageShares
}

function createLanes(
  values: DispatcherValues,
  { tell, fail, clock }: WorkParts,
  { run, wakeIn, shares }: LaneParts,
): MemoryLanes {
  const failed = (document: StoredCommand, error: unknown): number => {
    tell.runFailed(document, error)
    if (isAppError(error, 'OTN_STORE_GENERATION_LOST')) fail(error)
    return isAppError(error) && error.retryable ? RUN_AGAIN_MS : values.leaseMs
  }
  return new MemoryLanes({
    ...{ run, wakeIn, failed, shares, ...MACHINE },
    nowMs: () => clock.nowMs(),
    ceilings: { text: values.textPerSecond, media: values.mediaPerSecond },
    throttleMsMax: values.pauseMsMax,
    concurrency: values.laneConcurrency,
    queueMax: QUEUE_PER_RUN * values.laneConcurrency,
    totalMax: values.concurrency,
    recheckMs: values.recheckMs,
  })
}

interface DueParts {
  readonly lanes: MemoryLanes
  readonly worker: string
  readonly isClosing: () => boolean
}

function duePorts(
  values: DispatcherValues,
  parts: WorkParts,
  { lanes, worker, isClosing }: DueParts,
): DuePorts {
  const { engines, outer, claims, tell, clock, pages, seams, nameOf } = parts
  const { database, generation, cursors } = claims
  const gate = seams.gate(createGate(database.state, generation.id))
  const own = { ...outer, seam: seams.commands, gate }
  const lane: LanePorts = {
    ...outer,
    ...claimPorts(database, own),
    ...{ tell, clock, lanes, pages, isClosing },
    tokens: tokenSafe(parts),
    gate,
    ...MACHINE,
    quietUntil: quietHoursOf(values),
    calls: { leaseMs: values.leaseMs, settleMs: values.settleMs },
    worker,
  }
  return {
    ...lane,
    ...outer,
    ...claimPorts(database, own),
    withdrawalsRead: createWithdrawalsRead({
      readEnds: () => engines.bus.positions.endOffsets('token'),
      readCursor: (partition) => cursors.read({ topic: nameOf('token'), partition }),
    }),
    pages,
    brakes: brakesIn(database.state),
    doubt: doubtLimits(values),
    books: booksIn(database.commands),
    asking: requestSettings(values),
    notifying: notifySettings(values),
    runLane: runLane(lane),
  }
}

/** A count for metrics, taken beside the work; the last one is shown. */
function countNowAndThen(count: () => Promise<readonly OpenCount[]>) {
  const state: { counts: readonly OpenCount[] } = { counts: [] }
  const take = () => {
    count().then(
      (counts) => {
        state.counts = counts
      },
      // The store watch tells of a store that is away.
      () => {},
    )
  }
  take()
  const timer = setInterval(take, COUNT_EVERY_MS)
  timer.unref()
  return {
    get counts() {
      return state.counts
    },
    close: () => clearInterval(timer),
  }
}
