/** One function per business event: a count and a line. No content, token or person in either. */
import { Counter, Gauge, Histogram, type Log, type Metrics } from '@otn/runtime'
import { stateOf, waitOf } from './domain/command.ts'
import type { StoredCommand } from './domain/document.ts'
import type { SettlementTelemetry } from './doubt-ports.ts'
import type { DueTelemetry, InboxTelemetry } from './inbox-ports.ts'
import type { AttemptLine, LaneTelemetry } from './lane-telemetry-port.ts'
import { countUnknownCodes } from './unknown-codes.ts'

/** Seconds; a call may take as long as its time-out. */
const LATENCY_BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 60]

export interface Telemetry
  extends LaneTelemetry,
    InboxTelemetry,
    DueTelemetry,
    SettlementTelemetry {
  /** A run threw: the command comes again when its lease has lapsed. */
  runFailed(document: StoredCommand, error: unknown): void
  batchRetried(topic: string, error: unknown): void
  pageEventUnusable(detail: string): void
  engineAwaited(engine: string, error: unknown): void
  folded(phase: 'rebuild' | 'start', facts: number, durationMs: number): void
}

interface Sinks {
  readonly log: Log
  readonly metrics: Metrics
}

export function createTelemetry({ log, metrics }: Sinks): Telemetry {
  const counts = measures(metrics)
  return { ...ofCommands(log, counts), ...ofInbox(log, counts), ...ofProcess(log, counts) }
}

type Counts = ReturnType<typeof measures>

/** What becomes of commands. */
function ofCommands(log: Log, counts: Counts): LaneTelemetry & SettlementTelemetry {
  return {
    attempted: (line) => {
      const { outcome, durationMs } = line
      counts.attempts.inc({ outcome: outcome.kind })
      counts.duration.observe({ outcome: outcome.kind }, durationMs / 1000)
      if (outcome.kind === 'unlisted') counts.unknownCode(outcome)
      log.info(attemptFields(line), 'notification attempted')
    },
    lapsed: (document) => {
      counts.lapsed.inc()
      log.warn({ event: 'attempt.lapsed', ...named(document) }, 'attempt without an outcome')
    },
    waited: (document, reason) => {
      counts.waits.inc({ reason })
      const fields = { event: 'notification.waits', outcome: 'retried', reason }
      if (reason === 'short') log.debug({ ...fields, ...named(document) }, 'notification waits')
      else log.info({ ...fields, ...named(document) }, 'notification waits')
    },
    closed: (document) => {
      const reason = document.command.final?.reason ?? 'doubt-stands'
      counts.closed.inc({ state: stateOf(document.command), reason })
      const fields = { event: 'notification.closed', outcome: 'refused', reason }
      log.info({ ...fields, ...named(document) }, 'notification closed')
    },
    settled: (document) => {
      counts.settled.inc()
      const fields = { event: 'notification.settled', outcome: 'accepted' }
      log.info({ ...fields, ...named(document) }, 'notification settled by its echo')
    },
    settledByHand: (document, outcome) => {
      counts.settlements.inc({ outcome })
      const fields = { event: 'notification.settled-by-hand', outcome: 'accepted' }
      log.info({ ...fields, settledAs: outcome, ...named(document) }, 'doubt settled by a person')
    },
    contradicted: (document) => {
      counts.contradictions.inc()
      const message = 'a message went out although the books said that it had not'
      log.error({ event: 'notification.contradicted', ...named(document) }, message)
    },
  }
}

/** What is read. */
function ofInbox(log: Log, counts: Counts): Omit<InboxTelemetry, 'closed'> {
  return {
    recorded: (outcome) => counts.commands.inc({ outcome }),
    parked: (reason) => {
      counts.parked.inc({ reason })
      log.warn({ event: 'message.parked', outcome: 'dead-lettered', reason }, 'message parked')
    },
    cancelled: (outcome) => counts.cancels.inc({ outcome }),
    tellFailed: (document, error) =>
      log.warn({ event: 'fact.not-told', ...named(document), error }, 'fact not told yet'),
  }
}

/** What goes wrong and is mended. */
function ofProcess(
  log: Log,
  counts: Counts,
): Omit<Telemetry, keyof LaneTelemetry | keyof InboxTelemetry | keyof SettlementTelemetry> {
  return {
    lookFailed: (error) =>
      log.warn({ event: 'due.not-looked', error }, 'due commands could not be looked for'),
    runFailed: (document, error) => {
      counts.failures.inc()
      log.error(
        { event: 'command.failed', outcome: 'failed', ...named(document), error },
        'run failed',
      )
    },
    batchRetried: (topic, error) =>
      log.warn({ event: 'batch.retried', outcome: 'retried', topic, error }, 'batch is read again'),
    pageEventUnusable: (detail) =>
      log.warn({ event: 'page-event.ignored', outcome: 'ignored', detail }, 'page event ignored'),
    engineAwaited: (engine, error) =>
      log.warn({ event: 'service.waiting', engine, error }, 'an engine cannot be reached'),
    folded: (phase, facts, durationMs) => {
      const fields = { event: 'claims.folded', phase, facts, durationMs: Math.round(durationMs) }
      log.info(fields, 'own facts folded')
    },
  }
}

/** What is read whenever metrics are asked for. */
export function observeLanes(
  metrics: Metrics,
  lanes: { readonly running: number; readonly stops: readonly string[] },
): void {
  gauge(metrics, {
    name: 'running',
    help: 'Commands being carried out.',
    labels: [],
    read: () => [[{}, lanes.running]],
  })
  gauge(metrics, {
    name: 'lanes_stopped',
    help: 'Lanes that stand still, by reason.',
    labels: ['reason'],
    read: () => {
      const reasons = Map.groupBy(lanes.stops, (reason) => reason)
      return [...reasons].map(([reason, stops]) => [{ reason }, stops.length])
    },
  })
}

/** What waits and for what, what is under way, what stands in doubt. */
export function observeDocuments(
  metrics: Metrics,
  read: () => readonly {
    readonly state: string
    readonly reason: string
    readonly count: number
  }[],
): void {
  gauge(metrics, {
    name: 'commands_open',
    help: 'Commands that have not ended, by state and by what they wait for.',
    labels: ['state', 'reason'],
    read: () => read().map(({ state, reason, count }) => [{ state, reason }, count]),
  })
}

interface PartitionLag {
  readonly topic: string
  readonly partition: number
  readonly next: bigint | null
  readonly end: bigint | null
}

export function observeConsumers(
  metrics: Metrics,
  consumers: {
    readonly groups: readonly { readonly group: string; readonly isRunning: boolean }[]
    readonly progress: readonly PartitionLag[]
  },
): void {
  gauge(metrics, {
    name: 'group_joined',
    help: '1 where the consumer group is joined, 0 while a dead member or a restart holds it up.',
    labels: ['group'],
    read: () => consumers.groups.map(({ group, isRunning }) => [{ group }, Number(isRunning)]),
  })
  gauge(metrics, {
    name: 'lag_records',
    help: 'Records of a Kafka topic that are not handled yet.',
    labels: ['topic'],
    read: () => {
      const topics = Map.groupBy(consumers.progress, ({ topic }) => topic)
      return [...topics].map(([topic, partitions]) => [{ topic }, lagOf(partitions)])
    },
  })
}

interface GaugeOptions {
  readonly name: string
  readonly help: string
  readonly labels: readonly string[]
  readonly read: () => readonly (readonly [Readonly<Record<string, string>>, number])[]
}

function gauge(metrics: Metrics, { name, help, labels, read }: GaugeOptions): void {
  const collect = function collect(this: Gauge): void {
    this.reset()
    for (const [values, value] of read()) this.set(values, value)
  }
  const named = { name: `otn_dispatcher_${name}`, help, labelNames: [...labels] }
  new Gauge({ ...named, registers: [metrics], collect })
}

function lagOf(partitions: readonly PartitionLag[]): number {
  return partitions.reduce(
    (sum, { next, end }) => sum + Number((end ?? 0n) - (next ?? end ?? 0n)),
    0,
  )
}

function measures(metrics: Metrics) {
  const registers = [metrics]
  const counter = (name: string, help: string, labelNames: string[] = []) =>
    new Counter({ name: `otn_dispatcher_${name}`, help, labelNames, registers })
  return {
    attempts: counter('attempts_total', 'Attempts by outcome.', ['outcome']),
    duration: new Histogram({
      name: 'otn_dispatcher_attempt_seconds',
      help: 'From the claim of a token to the outcome of its call.',
      labelNames: ['outcome'],
      buckets: LATENCY_BUCKETS,
      registers,
    }),
    lapsed: counter('attempts_lapsed_total', 'Attempts whose lease lapsed without an outcome.'),
    waits: counter('waits_total', 'Waits by reason; short ones are told nowhere.', ['reason']),
    closed: counter('closed_total', 'Commands closed without a call.', ['state', 'reason']),
    settled: counter('settled_total', 'Commands settled by an echo.'),
    settlements: counter('settlements_total', 'Doubts settled by a person.', ['outcome']),
    unknownCode: countUnknownCodes(metrics),
    contradictions: counter('contradictions_total', 'Messages that contradict our books.'),
    commands: counter('commands_total', 'Commands read: new, known, or of a reused id.', [
      'outcome',
    ]),
    cancels: counter('cancels_total', 'Cancels: ended, noted beside a call, too late.', [
      'outcome',
    ]),
    parked: counter('parked_total', 'Messages parked by reason.', ['reason']),
    failures: counter('run_failures_total', 'Runs of commands that threw.'),
  }
}

function attemptFields(line: AttemptLine): Readonly<Record<string, unknown>> {
  const { document, attempt, tokenId, outcome, durationMs } = line
  const { graphCode, graphSubcode, fbtraceId, rule, rulesVersion } = outcome
  const reason = 'reason' in outcome ? outcome.reason : undefined
  return {
    event: 'notification.attempted',
    messageType: 'NotificationAttempted',
    ...named(document),
    ...{ attempt, tokenId, outcome: outcome.kind, reason },
    ...{ graphCode, graphSubcode, fbtraceId, rule, rulesVersion },
    durationMs: Math.round(durationMs * 10) / 10,
  }
}

/** Ids only: pseudonyms and the caller's own key. */
function named({ command }: StoredCommand): Readonly<Record<string, unknown>> {
  const { pageId, commandId, person, topic } = command
  const waiting = waitOf(command)?.reason
  return { pageId, commandId, person, topic, state: stateOf(command), waiting }
}
