import { expect, test } from 'vitest'
import { openTraffic, type TrafficParts } from './traffic.ts'

type Tapped = { readonly psid: string; readonly token: string }

function traffic(tap: () => Promise<Tapped>, append: () => Promise<void> = async () => {}) {
  const appender = { append, close: async () => {} }
  const parts = {
    options: { seed: 1, name: 'cell', rate: 1_000 },
    meta: { pages: [{ pageId: '1000' }], nowMs: () => 0, tap, addPeople: () => [] },
    log: {
      bus: { appender: () => appender },
      codec: { encode: () => Buffer.alloc(0) },
      hasEnded: () => true,
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
