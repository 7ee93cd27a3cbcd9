import type { KafkaAccess } from '../kafka-client.ts'
import type { Positions } from '../positions.ts'
import type { SharedAdmin } from '../shared-admin.ts'
import type { TopicNames } from '../topic-names.ts'
import { ProgressTable, type TopicPartition } from './progress-table.ts'
import { startSession } from './session.ts'
import { StallWatch } from './stall-watch.ts'
import type { Consumption, Subscription } from './subscription.ts'
import { Supervisor } from './supervisor.ts'

/** Defaults of what a subscription may leave out. */
export const CONSUME_DEFAULTS = {
  maxBytesPerPartition: 256 * 1024,
  sessionTimeoutMs: 30_000,
  stallAfterMs: 60_000,
  concurrency: 1,
} as const

export interface ConsumeParts {
  readonly access: KafkaAccess
  readonly names: TopicNames
  readonly positions: Positions
  readonly admin: SharedAdmin
}

/** Joins a group and hands over batches until closed. @throws OTN_BUS_UNREACHABLE */
export async function consume(
  subscription: Subscription,
  parts: ConsumeParts,
): Promise<Consumption> {
  const { access, names, positions } = parts
  const { topics, onBatch, onCrash, ...tuning } = { ...CONSUME_DEFAULTS, ...subscription }
  const groupId = `${names.prefix}${subscription.groupId}`
  const progress = new ProgressTable()
  const supervisor = new Supervisor({
    log: access.log,
    tried: { topics: topics.map(names.nameOf), does: 'read', group: groupId },
    onCrash: (error) => {
      watch?.stop()
      onCrash(error)
    },
    start: () =>
      startSession({
        ...{ access, names, topics, progress, onBatch, ...tuning },
        groupId,
        commits: true,
        startAt: (assigned) => subscription.startAt?.(assigned) ?? [],
        onPassed: () => {},
        onEnded: (error, isRetriable) => supervisor.ended(error, isRetriable),
      }),
  })
  let watch: StallWatch | undefined
  // Tells within seconds that nobody is there; the consumer itself would try for a session's time.
  await positions.clusterId()
  await supervisor.begin()
  watch = new StallWatch({
    ...{ topics, progress, stallAfterMs: tuning.stallAfterMs, log: access.log },
    isRunning: () => supervisor.isRunning,
    endOffsets: (topic) => positions.endOffsets(topic),
    firstOffset: (where) => committedOr(where, groupId, parts),
    restart: (why) => supervisor.restart(why),
    crash: (error) => supervisor.crash(error),
  })
  return {
    get isRunning() {
      return supervisor.isRunning
    },
    get silentMs() {
      return progress.silentMs(performance.now())
    },
    get progress() {
      return progress.list(performance.now())
    },
    close: async (limitMs) => {
      watch?.stop()
      await supervisor.close(limitMs)
    },
  }
}

/** Where the group's next owner begins: its commit, else the first record that is kept. */
async function committedOr(
  { topic, partition }: TopicPartition,
  groupId: string,
  { admin, names, positions }: ConsumeParts,
): Promise<bigint | undefined> {
  const topics = [names.nameOf(topic)]
  const found = await admin.ask('commits', (client) => client.fetchOffsets({ groupId, topics }))
  const offset = found[0]?.partitions.find((it) => it.partition === partition)?.offset ?? '-1'
  if (BigInt(offset) >= 0n) return BigInt(offset)
  return (await positions.startOffsets(topic))[partition]
}
