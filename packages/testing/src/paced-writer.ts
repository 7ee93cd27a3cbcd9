/** One way through a proxy: what it gets, in order, late or byte by byte where that is wished. */
import type { Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises'

export interface Pace {
  /** How much later bytes go on. */
  lagMs: number
  /** Each byte goes in a write of its own. */
  isSliced: boolean
}

export interface PacedWriter {
  /** @param then called once the bytes are on their way to the destination */
  write(chunk: Buffer, then?: () => void): void
  /** Says after all bytes that no more will come (FIN). */
  end(): void
}

/** More than this on its way holds the source back. */
const HELD_BYTES_MAX = 1_048_576

interface Held {
  /** Null: the end. */
  readonly chunk: Buffer | null
  readonly then: (() => void) | undefined
  readonly dueMs: number
}

/**
 * Writes on and holds the source back while the destination is full.
 * @param mayRead whether the source may be read from again
 */
export function pacedWriter(
  to: Socket,
  from: Socket,
  { pace, mayRead }: { readonly pace: Readonly<Pace>; readonly mayRead: () => boolean },
): PacedWriter {
  const held: Held[] = []
  let heldBytes = 0
  let isWorking = false

  const resume = (): void => {
    if (mayRead() && heldBytes <= HELD_BYTES_MAX && !to.writableNeedDrain) from.resume()
  }
  to.on('drain', resume)

  const write = (chunk: Buffer, then?: () => void): void => {
    if (to.writable && !to.write(chunk, then)) from.pause()
  }

  const carry = async (chunk: Buffer, then?: () => void): Promise<void> => {
    let at = 0
    while (pace.isSliced && at + 1 < chunk.length && !to.destroyed) {
      write(chunk.subarray(at, at + 1))
      at += 1
      // The next one must find this one gone.
      await nextTurn()
    }
    write(chunk.subarray(at), then)
  }

  const work = async (): Promise<void> => {
    for (let next = held[0]; next !== undefined && !to.destroyed; next = held[0]) {
      const waitMs = next.dueMs - performance.now()
      if (waitMs > 0) await delay(waitMs, undefined, { ref: false })
      if (next.chunk === null) to.end()
      else await carry(next.chunk, next.then)
      held.shift()
      heldBytes -= next.chunk?.length ?? 0
      resume()
    }
    isWorking = false
  }

  const hold = (chunk: Buffer | null, then?: () => void): void => {
    held.push({ chunk, then, dueMs: performance.now() + pace.lagMs })
    heldBytes += chunk?.length ?? 0
    if (heldBytes > HELD_BYTES_MAX) from.pause()
    if (isWorking) return
    isWorking = true
    void work()
  }

  return {
    write: (chunk, then) => {
      const isPlain = pace.lagMs === 0 && !pace.isSliced
      if (isPlain && !isWorking) write(chunk, then)
      else hold(chunk, then)
    },
    end: () => {
      if (isWorking) hold(null)
      else to.end()
    },
  }
}
