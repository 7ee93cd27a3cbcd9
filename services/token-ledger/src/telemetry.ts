import type { Consumption } from '@otn/bus'
import { kafkaTopics } from '@otn/contracts'
import { Counter, Gauge, Histogram, type Log, type Metrics } from '@otn/runtime'
import type { RebuildReport } from './ports.ts'

/** What became of the records of one batch. Kafka topic = its name on the cluster. */
export interface BatchReport {
  readonly kafkaTopic: string
  readonly partition: number
  readonly next: bigint
  readonly records: number
  /** Below the cursor: folded before. */
  readonly repeated: number
  readonly parked: number
  /** Facts by type. */
  readonly types: Readonly<Record<string, number>>
  /** Records that wait behind this batch. */
  readonly lag: bigint
  /** From the append of the last record to now. */
  readonly ageMs: number
  readonly durationMs: number
}

export interface BatchPlace {
  readonly kafkaTopic: string
  readonly partition: number
}

export type Telemetry = ReturnType<typeof createTelemetry>

/** Seconds; a batch is one fetch of at most 256 KiB. */
const BATCH_BUCKETS = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

interface Outlets {
  readonly log: Log
  readonly metrics: Metrics
}

/** One wide line per batch and counters; ids of documents and content never reach either. */
export function createTelemetry(outlets: Outlets) {
  return { ...tellBatches(outlets), ...tellStore(outlets), ...tellOwed(outlets) }
}

function tellBatches({ log, metrics }: Outlets) {
  const { applied, repeated, parked, waits, seeks, duration, age, cursor } = measures(metrics)
  return {
    batchFolded: (report: BatchReport) => {
      const { kafkaTopic, partition, next, lag, types, durationMs, ageMs, ...counts } = report
      const labels = { topic: kafkaTopic, partition: String(partition) }
      for (const [type, count] of Object.entries(types)) {
        applied.inc({ topic: kafkaTopic, type }, count)
      }
      repeated.inc({ topic: kafkaTopic }, report.repeated)
      parked.inc({ topic: kafkaTopic }, report.parked)
      duration.observe(durationMs / 1000)
      age.set(labels, ageMs / 1000)
      cursor.set(labels, Number(next))
      const fields = { ...counts, types, next: String(next), lag: String(lag), ageMs }
      const rounded = Math.round(durationMs * 10) / 10
      const line = { ...placeOf(report), outcome: 'accepted', ...fields, durationMs: rounded }
      log.info({ event: 'batch.folded', ...line }, 'batch folded')
    },
    batchWaits: (place: BatchPlace, error: unknown, afterMs: number) => {
      waits.inc({ topic: place.kafkaTopic })
      const line = { ...placeOf(place), outcome: 'retried', afterMs, error }
      log.warn({ event: 'batch.waits', ...line }, 'batch waits')
    },
    registryAway: (place: BatchPlace, afterMs: number) => {
      waits.inc({ topic: place.kafkaTopic })
      const line = { ...placeOf(place), outcome: 'retried', afterMs }
      log.warn({ event: 'batch.schema-awaited', ...line }, 'schema unknown, registry away')
    },
    soughtBack: (place: BatchPlace, offsets: { from: bigint; to: bigint }) => {
      seeks.inc({ topic: place.kafkaTopic })
      const line = { from: String(offsets.from), to: String(offsets.to) }
      log.warn({ event: 'batch.sought', ...placeOf(place), ...line }, 'batch above the cursor')
    },
    holeInLog: (place: BatchPlace, offsets: { from: bigint; to: bigint }) => {
      const line = { from: String(offsets.from), to: String(offsets.to) }
      log.error({ event: 'log.hole', ...placeOf(place), ...line }, 'the log lacks records')
    },
    recordParked: (place: BatchPlace, record: { offset: bigint; reason: string }) => {
      const line = { offset: String(record.offset), reason: record.reason }
      const outcome = 'dead-lettered'
      log.error({ event: 'record.parked', ...placeOf(place), ...line, outcome }, 'record parked')
    },
  }
}

function tellStore({ log }: Outlets) {
  return {
    engineAwaited: (engine: string, error: unknown) => {
      log.warn({ event: 'service.waiting', engine, error }, 'engine cannot be reached')
    },
    storePrepared: (version: number) => {
      log.info({ event: 'store.prepared', version }, 'empty store prepared; folding the whole log')
    },
    caughtUp: (durationMs: number) => {
      log.info({ event: 'ledger.caught-up', durationMs: Math.round(durationMs) }, 'caught up')
    },
    linkUnreadable: (error: unknown) => {
      log.error({ event: 'account.unreadable', error }, 'an account link does not open')
    },
    rebuildFailed: (error: unknown) => {
      log.error({ event: 'ledger.rebuild-failed', error }, 'rebuild failed')
    },
    rebuilt: (report: RebuildReport) => {
      const { comparison, ...fields } = report
      const isEqual = comparison === null ? null : comparison.differences === 0
      const line = { event: 'ledger.rebuilt', ...fields, isEqual, comparison }
      if (report.state === 'done' && isEqual) log.info(line, 'rebuilt')
      else log.error(line, 'rebuilt')
    },
  }
}

function tellOwed({ log, metrics }: Outlets) {
  const registers = [metrics]
  const told = new Counter({
    name: 'otn_ledger_facts_told_total',
    help: 'Facts of the ledger that a sweep told, by type.',
    labelNames: ['type'] as const,
    registers,
  })
  const parked = new Counter({
    name: 'otn_ledger_commands_parked_total',
    help: 'Consent commands set aside, by reason.',
    labelNames: ['reason'] as const,
    registers,
  })
  return {
    told: (types: Readonly<Record<string, number>>) => {
      for (const [type, count] of Object.entries(types)) told.inc({ type }, count)
      log.info({ event: 'sweep.told', types, outcome: 'accepted' }, 'owed facts told')
    },
    sweepFailed: (error: unknown) => {
      log.error({ event: 'sweep.failed', error, outcome: 'retried' }, 'sweep failed')
    },
    commandParked: (reason: string) => {
      parked.inc({ reason })
      log.error({ event: 'command.parked', reason, outcome: 'dead-lettered' }, 'command parked')
    },
  }
}

/** What a group consumer knows of its partitions, read whenever metrics are asked for. */
export function observeProgress(
  metrics: Metrics,
  consumption: Pick<Consumption, 'progress'>,
): void {
  new Gauge({
    name: 'otn_ledger_lag_records',
    help: 'Records of a partition that are not folded yet.',
    labelNames: ['topic', 'partition'],
    registers: [metrics],
    collect() {
      this.reset()
      for (const { topic, partition, next, end } of consumption.progress) {
        if (next === null || end === null) continue
        const labels = { topic: kafkaTopics[topic].name, partition: String(partition) }
        this.set(labels, Math.max(0, Number(end - next)))
      }
    },
  })
}

function placeOf({ kafkaTopic, partition }: BatchPlace): Readonly<Record<string, unknown>> {
  return {
    'messaging.destination.name': kafkaTopic,
    'messaging.destination.partition.id': partition,
  }
}

function measures(metrics: Metrics) {
  const registers = [metrics]
  const counter = <Label extends string>(name: string, help: string, labels: Label[]) =>
    new Counter({ name: `otn_ledger_${name}`, help, labelNames: labels, registers })
  const gauge = (name: string, help: string) => {
    const labelNames = ['topic', 'partition'] as const
    return new Gauge({ name: `otn_ledger_${name}`, help, labelNames, registers })
  }
  return {
    applied: counter('events_total', 'Facts folded, by type.', ['topic', 'type']),
    repeated: counter('repeated_total', 'Records below the cursor.', ['topic']),
    parked: counter('parked_total', 'Records set aside as unreadable.', ['topic']),
    waits: counter('waits_total', 'Batches that had to wait.', ['topic']),
    seeks: counter('seeks_total', 'Batches above the cursor.', ['topic']),
    duration: new Histogram({
      name: 'otn_ledger_batch_seconds',
      help: 'From a fetched batch to its moved cursor.',
      buckets: BATCH_BUCKETS,
      registers,
    }),
    age: gauge('age_seconds', 'From the append of the record folded last to its fold.'),
    cursor: gauge('cursor', 'Next offset to be folded.'),
  }
}
