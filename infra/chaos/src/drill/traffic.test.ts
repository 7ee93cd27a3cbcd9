import { waitFor } from '@otn/engines'
import { expect, test } from 'vitest'
import { openTraffic, type TrafficParts } from './traffic.ts'

type Tapped = { readonly psid: string; readonly token: string }

const taken = async () => {}

function traffic(tap: () => Promise<Tapped>, append: () => Promise<void> = taken, ended = true) {
  const appender = { append, close: async () => {} }
  const parts = {
    options: { seed: 1, name: 'cell', rate: 1_000 },
    meta: { pages: [{ pageId: '1000' }], nowMs: () => 0, tap, addPeople: () => [] },
    log: {
      bus: { appender: () => appender },
      codec: { encode: () => Buffer.alloc(0) },
      hasEnded: () => ended,
    },
  }
  return openTraffic(parts as unknown as TrafficParts, 0)
}

test('a story that came to no end is a trouble of the run, whenever it broke off', async () => {
  const broken = Promise.withResolvers<void>()
  let taps = 0
  const opened = traffic(async () => {
    taps += 1
    if (taps === 3) broken.resolve()
    throw new Error(`tap ${taps} was not answered`)
  })
  opened.run()
  await broken.promise
  await opened.pause()
  expect(opened.failures().slice(0, 3)).toEqual(
    [1, 2, 3].map((tap) => `a story broke off: tap ${tap} was not answered`),
  )
})

test('a log that does not come back breaks stories off: nobody publishes for ever', async () => {
  const refused = Promise.withResolvers<void>()
  const opened = traffic(
    async () => ({ psid: '1', token: 't' }),
    async () => {
      refused.resolve()
      throw new Error('no broker answers')
    },
  )
  opened.run()
  await refused.promise
  await opened.pause()
  expect(opened.failures()).toContain('a story broke off: no broker answers')
})

test('what has no end holds new commands back: a queue that grows is no traffic', async () => {
  let taps = 0
  const opened = traffic(
    async () => {
      taps += 1
      return { psid: String(taps), token: 't' }
    },
    taken,
    false,
  )
  opened.run()
  await waitFor(async () => opened.open().length >= 200, {
    timeoutMs: 30_000,
    describe: '200 commands to be open',
  })
  const before = taps
  await opened.pause()
  expect(taps).toBe(before)
  opened.run()
  await opened.pause()
  expect(taps).toBe(before)
})
