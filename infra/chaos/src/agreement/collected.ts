import { SHADOW_TOPICS, type ShadowRecord, type ShadowTopic } from '@otn/shadow'
import type { InnerLog } from './inner-log.ts'

/** Everything of the log that a shadow replay reads, with the broker's time of each. */
export function collect(log: InnerLog, nowMs: () => number): readonly ShadowRecord[] {
  const records: ShadowRecord[] = []
  const follow = (topic: ShadowTopic) =>
    log.read(topic, (value) => {
      records.push({ topic, timestampMs: nowMs(), value } as ShadowRecord)
    })
  for (const topic of SHADOW_TOPICS) follow(topic)
  return records
}
