import type { Batch } from '@otn/bus'

/** Below any session time-out; kafkajs sends one only where a tenth of that time has passed. */
const BEAT_MS = 500

/**
 * Keeps the membership of a batch's consumer alive while its work waits for MongoDB or Kafka.
 * @throws what the work throws, else what a heartbeat threw: the partition may be somebody else's
 */
export async function keepAlive<T>(batch: Batch, work: Promise<T>): Promise<T> {
  let lost: { readonly error: unknown } | null = null
  const timer = setInterval(() => {
    batch.heartbeat().catch((error) => {
      lost ??= { error }
    })
  }, BEAT_MS)
  try {
    return await work
  } finally {
    clearInterval(timer)
    throwIfLost(lost)
  }
}

function throwIfLost(lost: { readonly error: unknown } | null): void {
  if (lost !== null) throw lost.error
}
