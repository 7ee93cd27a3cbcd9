import { createRequire } from 'node:module'
import { setTimeout as sleep } from 'node:timers/promises'

const inside = createRequire(import.meta.url)

/** How often kafkajs looks at its queues within `ms`; whatever is idle should never. */
export async function countWakeUps(ms: number): Promise<number> {
  const { prototype } = inside('kafkajs/src/network/requestQueue') as {
    prototype: { checkPendingRequests: (this: unknown) => void }
  }
  const original = prototype.checkPendingRequests
  let count = 0
  prototype.checkPendingRequests = function counted() {
    count += 1
    original.call(this)
  }
  await sleep(ms)
  prototype.checkPendingRequests = original
  return count
}
