import { setTimeout as delay } from 'node:timers/promises'
import { appError } from '@otn/kernel'
import type { InTime } from '../inbox-ports.ts'

/**
 * Answers 503 where the work takes longer. The work itself is told and goes on to its next step at
 * most: the waits of the drivers stay what the spend path needs, only the caller's wait is short.
 */
export function inTime(limitMs: number): InTime {
  return async (work) => {
    const late = new AbortController()
    const ended = new AbortController()
    const worked = work(late.signal).finally(() => ended.abort())
    const timedOut = delay(limitMs, undefined, { signal: ended.signal }).then(
      () => {
        late.abort(tooLate(limitMs))
        throw late.signal.reason
      },
      () => worked,
    )
    return Promise.race([worked, timedOut])
  }
}

function tooLate(limitMs: number): Error {
  const publicMessage = `no answer within ${limitMs} ms; ask again, with the same Idempotency-Key`
  return appError('OTN_HTTP_UNAVAILABLE', { message: 'no answer in time', publicMessage })
}
