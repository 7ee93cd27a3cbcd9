import type { Delivered } from '../webhooks/parcel.ts'

/** A webhook's way, to be waited for by whoever caused it. */
export interface DeliveryWait {
  readonly onDelivered: (delivered: Delivered) => void
  /** The answer of 200, or null if it did not come in time. */
  wait(limitMs: number): Promise<Delivered | null>
}

export function createDeliveryWait(): DeliveryWait {
  const { promise, resolve } = Promise.withResolvers<Delivered | null>()
  let timer: NodeJS.Timeout | undefined
  return {
    onDelivered: (delivered) => {
      clearTimeout(timer)
      resolve(delivered)
    },
    wait: (limitMs) => {
      timer = setTimeout(() => resolve(null), limitMs).unref()
      return promise
    },
  }
}
