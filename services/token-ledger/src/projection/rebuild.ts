/**
 * Folds the whole log into a version of its own while the old one is served, compares both at the
 * same position, and serves the new one. Nothing is taken from the old version: the log is the
 * truth. What no retry can read was parked when it was folded first and is left out here.
 */
import type { Batch, Bus } from '@otn/bus'
import type { Codec } from '@otn/contracts'
import { appError, isAppError } from '@otn/kernel'
import type {
  Comparison,
  Offsets,
  ReadModel,
  RebuildReport,
  RebuildSite,
  Rebuilds,
} from '../ports.ts'
import { isLedgerTopic, LEDGER_TOPICS, perTopic } from '../ports.ts'
import type { Telemetry } from '../telemetry.ts'
import { foldDocuments } from './fold-documents.ts'
import { type EventHandlers, readRecords } from './read-records.ts'

export interface Rebuilding {
  readonly rebuilds: Rebuilds
  readonly bus: Bus
  readonly codec: Codec
  readonly handlers: EventHandlers
  readonly tell: Telemetry
  /** Partitions folded at the same time. */
  readonly concurrency: number
}

/** Well within the lease of a rebuild. */
const RENEW_MS = 1_000
/** So few records that folding may stand still while the rest is read. */
const CLOSE_ENOUGH = 1_000
const CLOSE_MS = 5_000

/** One rebuild as it goes. */
interface Run extends Rebuilding {
  readonly site: RebuildSite
  readonly startedAt: number
  readonly clock: number
  readonly state: { events: number; hasLapsed: boolean }
}

export interface StartedRebuild {
  readonly report: RebuildReport
  /** Settles when its report is written and what it leaves behind is dropped. Never rejects. */
  readonly ended: Promise<void>
  /** Gives up at the next batch; the served version stays. */
  stop(): void
}

/**
 * Starts a rebuild and returns at once; its report tells how it goes and ends.
 * @returns null while another rebuild runs, here or in another process
 * @throws OTN_STORE_UNREACHABLE
 */
export async function startRebuild(rebuilding: Rebuilding): Promise<StartedRebuild | null> {
  const site = await rebuilding.rebuilds.begin()
  if (site === null) return null
  const state = { events: 0, hasLapsed: false }
  const run = { ...rebuilding, site, state, startedAt: Date.now(), clock: performance.now() }
  const report = reportOf(run, { state: 'running' })
  await rebuilding.rebuilds.report(report)
  const stop = () => {
    state.hasLapsed = true
  }
  return { report, ended: runToEnd(run), stop }
}

async function runToEnd(run: Run): Promise<void> {
  const { rebuilds, site, tell } = run
  let renewing = Promise.resolve()
  const renewal = setInterval(() => {
    renewing = renewing.then(() => keepLeave(run))
  }, RENEW_MS)
  const away = (error: unknown) => tell.engineAwaited('mongodb', error)
  const report = await rebuildAndSwap(run).then(
    (comparison) => reportOf(run, { state: 'done', comparison }),
    (error: unknown) => {
      tell.rebuildFailed(error)
      return reportOf(run, { state: 'failed', error: codeOf(error) })
    },
  )
  clearInterval(renewal)
  // A renewal under way would write `running` over the end; who asks before the end is written
  // must not take the leave that is given back for one that was lost.
  await renewing
  tell.rebuilt(report)
  await rebuilds.report(report).catch(away)
  const leftOver = report.state === 'done' ? site.dropServed() : site.abandon()
  await leftOver.catch(away)
}

/** Renews the leave and reports; one refusal is the end, for others may fold again by then. */
async function keepLeave(run: Run): Promise<void> {
  const { rebuilds, site, state } = run
  if (state.hasLapsed) return
  try {
    state.hasLapsed ||= !(await site.renew())
    await rebuilds.report(reportOf(run, { state: 'running' }))
  } catch {
    // Not renewed this time; if MongoDB stays away, the swap will find the leave lapsed.
  }
}

/** Reads on until a further reading would not bring it nearer to the end that keeps moving. */
async function rebuildAndSwap(run: Run): Promise<Comparison> {
  const { site, state } = run
  let offsets = await foldToEnd(run, { models: [site.rebuilt] })
  for (let last = state.events, isGaining = true; isGaining; ) {
    const before = state.events
    offsets = await foldToEnd(run, { from: offsets, models: [site.rebuilt] })
    const folded = state.events - before
    isGaining = folded > CLOSE_ENOUGH && folded < last / 2
    last = folded
  }
  if (!(await site.freeze())) throw lapsed()
  // What others began to fold before the freeze lies below the end that is read now. Folding it
  // into both versions brings both to one position, whatever of it they had already.
  const from = earliest(await site.served.cursors.readAll(), offsets)
  offsets = await foldToEnd(run, { from, models: [site.rebuilt, site.served.model] })
  const comparison = await site.compare()
  if (state.hasLapsed || !(await site.swap(offsets))) throw lapsed()
  return comparison
}

interface Stretch {
  /** The beginning of the log where left out. */
  readonly from?: Offsets
  readonly models: readonly ReadModel[]
}

/** Folds from one position to the end of the log as it is now. @returns that end */
async function foldToEnd(run: Run, { from, models }: Stretch): Promise<Offsets> {
  const { bus, concurrency, state } = run
  const following = await bus.follow({
    topics: LEDGER_TOPICS,
    until: 'end',
    concurrency,
    ...(from === undefined ? {} : { from }),
    onBatch: async (batch) => {
      if (state.hasLapsed) throw lapsed()
      await foldInto(run, { batch, models })
      state.events += batch.records.length
    },
    onCrash: () => {},
  })
  try {
    await following.finished
  } finally {
    await following.close(CLOSE_MS)
  }
  return perTopic((topic) => following.positions[topic] ?? [])
}

async function foldInto(
  { codec, handlers }: Run,
  { batch, models }: { readonly batch: Batch; readonly models: readonly ReadModel[] },
): Promise<void> {
  const { topic, partition, records } = batch
  if (!isLedgerTopic(topic)) throw new Error(`no handler for Kafka topic ${topic}`)
  const reading = await readRecords({ topic, partition, records }, { codec, handlers })
  if (reading.stoppedAt !== null) {
    const message = 'a schema is unknown and the registry is away'
    throw appError('OTN_REGISTRY_UNREACHABLE', { message })
  }
  for (const model of models) await foldDocuments(model, reading.folds)
}

function earliest(a: Offsets, b: Offsets): Offsets {
  return perTopic((topic) =>
    a[topic].map((offset, partition) => {
      const other = b[topic][partition]
      const isLater = other === undefined || other >= offset
      return isLater ? offset : other
    }),
  )
}

function codeOf(error: unknown): string {
  return isAppError(error) ? error.code : 'OTN_INTERNAL'
}

function lapsed(): Error {
  const message = 'the leave to rebuild lapsed before the versions were swapped; nothing changed'
  return appError('OTN_STORE_CONFLICT', { message })
}

function reportOf(
  { site, startedAt, clock, state }: Run,
  end: Pick<RebuildReport, 'state'> & Partial<Pick<RebuildReport, 'comparison' | 'error'>>,
): RebuildReport {
  const seconds = Math.max(0.001, (performance.now() - clock) / 1000)
  return {
    id: site.id,
    state: end.state,
    fromVersion: site.fromVersion,
    toVersion: site.toVersion,
    startedAt,
    finishedAt: end.state === 'running' ? null : Date.now(),
    events: state.events,
    eventsPerSecond: Math.round(state.events / seconds),
    comparison: end.comparison ?? null,
    error: end.error ?? null,
  }
}
