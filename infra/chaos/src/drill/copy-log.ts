/** A log restored from a backup: every record again, in fresh Kafka topics of another cluster. */
import { type Bus, type OutRecord, openLog } from '@otn/bus'
import { kafkaTopics, type TopicAlias } from '@otn/contracts'

const quiet = { debug() {}, info() {}, warn() {}, error() {} }
const CLOSE_MS = 5_000
const APPEND_MS = 30_000

type LogSettings = Parameters<typeof openLog>[0]

/** Key, value and headers as they were, in their order per partition. @returns how many records */
export async function copyLog(from: Bus, to: LogSettings): Promise<number> {
  const { bus } = await openLog(to, { clientId: 'drill-restore', log: quiet })
  const appender = bus.appender({ name: 'restore', deadlineMs: APPEND_MS })
  let count = 0
  const failed = Promise.withResolvers<never>()
  failed.promise.catch(() => {})
  const following = await from.follow({
    topics: Object.keys(kafkaTopics) as TopicAlias[],
    until: 'end',
    onCrash: failed.reject,
    onBatch: async ({ topic, records }) => {
      // One after another: a partition's records must not overtake each other.
      for (const { key, value, headers } of records) {
        const record: OutRecord = { topic, key: String(key), value, headers: textsOf(headers) }
        await appender.append([record])
        count += 1
      }
    },
  })
  try {
    await Promise.race([following.finished, failed.promise])
    return count
  } finally {
    await following.close(CLOSE_MS)
    await appender.close(CLOSE_MS)
    await bus.close(CLOSE_MS)
  }
}

function textsOf(headers: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const given = Object.entries(headers).filter(([, text]) => text !== undefined)
  return Object.fromEntries(given) as Record<string, string>
}
