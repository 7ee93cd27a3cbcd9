import type { Batch, Bus } from '@otn/bus'
import type { Codec } from '@otn/contracts'
import { AUDITED_TOPICS, type AuditedTopic } from '../audit-record.ts'
import { type AuditState, evolve, newAudit } from '../audit-state.ts'
import { collapse } from '../findings.ts'
import { defaultLimits, type Limits } from '../limits.ts'
import { decodeAudited } from './decode-record.ts'

const CLOSE_MS = 5_000
/** So often that memory stays flat, so seldom that looking costs little beside reading. */
const RECORDS_BETWEEN_COLLAPSES = 10_000

/** The log as the auditor needs it: to be read, and nothing else. */
export interface AuditedLog {
  readonly bus: Pick<Bus, 'follow'>
  readonly codec: Codec
}

export interface AuditOptions {
  readonly limits?: Limits
  /** By the clock of the brokers, ms since the epoch. */
  readonly nowMs: () => number
  readonly signal?: AbortSignal
}

/**
 * Reads every audited Kafka topic from its beginning to where it ends now.
 * @throws OTN_BUS_UNREACHABLE, OTN_REGISTRY_UNREACHABLE (retryable)
 */
export async function auditLog(log: AuditedLog, options: AuditOptions): Promise<AuditState> {
  const folding = createFolding(log.codec, options)
  const failed = Promise.withResolvers<never>()
  failed.promise.catch(() => undefined)
  const following = await log.bus.follow({
    topics: AUDITED_TOPICS,
    until: 'end',
    onBatch: (batch) => folding.take(batch),
    onCrash: failed.reject,
  })
  const stopped = new Promise<void>((resolve) => {
    options.signal?.addEventListener('abort', () => resolve(), { once: true })
  })
  try {
    await Promise.race([following.finished, failed.promise, stopped])
    return folding.state
  } finally {
    await following.close(CLOSE_MS)
  }
}

/** Folds batches as they come. Handing over a batch twice changes nothing. */
export interface Folding {
  readonly state: AuditState
  take(batch: Pick<Batch, 'topic' | 'partition' | 'records'>): Promise<void>
}

export function createFolding(codec: Codec, options: AuditOptions): Folding {
  const { limits = defaultLimits, nowMs } = options
  const state = newAudit()
  let sinceCollapse = 0
  return {
    state,
    take: async ({ topic, partition, records }) => {
      if (!isAudited(topic)) return
      for (const record of records) {
        const read = await decodeAudited(record, { codec, topic, partition })
        if (read !== null) evolve(state, read)
      }
      sinceCollapse += records.length
      if (sinceCollapse < RECORDS_BETWEEN_COLLAPSES) return
      sinceCollapse = 0
      collapse(state, nowMs(), limits)
    },
  }
}

function isAudited(topic: string): topic is AuditedTopic {
  return AUDITED_TOPICS.some((audited) => audited === topic)
}
