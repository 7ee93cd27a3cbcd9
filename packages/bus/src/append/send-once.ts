import { within } from '../within.ts'
import type { LiveProducer } from './live-producer.ts'
import type { Pending } from './pending.ts'
import { type Settled, settleReply } from './settle-reply.ts'

export interface SendOutcome extends Settled<Pending> {
  /** Why something is unsettled; undefined when nothing is. */
  readonly error: Error | undefined
}

/**
 * Sends once and tells what is settled. It gives up waiting after `limitMs`, because kafkajs
 * retries a frozen broker for many seconds; what was in flight may still be written then, so that
 * sending it again may repeat it, never lose it.
 */
export async function sendOnce(
  producer: LiveProducer,
  records: readonly Pending[],
  limitMs: number,
): Promise<SendOutcome> {
  for (const { call, index } of records) call.sending(index)
  try {
    const reply = await within(limitMs, producer.send(records))
    const settled = settleReply(records, reply)
    return { ...settled, error: missing(settled.unsettled.length) }
  } catch (error) {
    const cause = error instanceof Error ? error : new Error(String(error))
    return { acknowledged: [], unsettled: records, error: cause }
  }
}

function missing(count: number): Error | undefined {
  if (count === 0) return undefined
  return new Error(`the reply leaves out the partitions of ${count} records`)
}
