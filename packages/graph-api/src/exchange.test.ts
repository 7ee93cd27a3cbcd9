import { describe, expect, test } from 'vitest'
import { Exchange, type ExchangeOptions } from './exchange.ts'
import type { GraphObservation } from './observation.ts'

/** What undici hands to a handler, as far as the exchange uses it. */
function fakeController() {
  const aborted: Error[] = []
  const controller = {
    aborted: false,
    paused: false,
    reason: null,
    rawHeaders: null,
    rawTrailers: null,
    pause: () => {},
    resume: () => {},
    abort: (reason: Error) => {
      aborted.push(reason)
    },
  }
  return { controller, aborted }
}

function exchangeOf(options: Partial<ExchangeOptions> = {}) {
  const seen: GraphObservation[] = []
  const exchange = new Exchange({
    secure: false,
    startMs: 60_000,
    totalMs: 60_000,
    mayStart: () => true,
    mask: (text) => text,
    settle: (observation) => seen.push(observation),
    ...options,
  })
  return { exchange, seen }
}

describe('an exchange', () => {
  test('refuses to be written twice: no library can repeat a send behind our back', () => {
    const { exchange, seen } = exchangeOf()
    const { controller, aborted } = fakeController()
    exchange.onRequestStart(controller)
    expect(aborted).toHaveLength(0)
    exchange.onRequestStart(controller)
    expect(aborted).toHaveLength(1)
    expect(seen).toEqual([{ seen: 'unknown', cause: 'reset', status: null }])
  })

  test('goes by the start of writing, not by the code of an error', () => {
    const refusal = Object.assign(new Error('late'), { code: 'ECONNREFUSED' })
    const { controller } = fakeController()
    const early = exchangeOf()
    early.exchange.onResponseError(controller, refusal)
    expect(early.seen).toEqual([{ seen: 'not-sent', cause: 'refused' }])
    const late = exchangeOf()
    late.exchange.onRequestStart(controller)
    late.exchange.onResponseError(controller, refusal)
    expect(late.seen).toEqual([{ seen: 'unknown', cause: 'other', status: null }])
  })

  test('takes an early hint for no head of an answer', () => {
    const { exchange, seen } = exchangeOf()
    const { controller } = fakeController()
    exchange.onRequestStart(controller)
    exchange.onResponseStart(controller, 103, {})
    exchange.onResponseError(controller, Object.assign(new Error(), { code: 'ECONNRESET' }))
    expect(seen).toEqual([{ seen: 'unknown', cause: 'reset', status: null }])
  })

  test('settles once, whatever comes afterwards', () => {
    const { exchange, seen } = exchangeOf()
    const { controller } = fakeController()
    exchange.onRequestStart(controller)
    exchange.onResponseStart(controller, 200, {})
    exchange.onResponseEnd()
    exchange.onResponseError(controller, new Error('late'))
    exchange.onResponseEnd()
    expect(seen).toMatchObject([{ seen: 'answered', status: 200, json: null, bodyBytes: 0 }])
  })
})
