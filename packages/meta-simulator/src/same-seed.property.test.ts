/** Equal seeds and equal calls give byte-equal answers and webhooks on a standing clock. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { type Receiver, startReceiver } from '../test/receiver.ts'
import { post } from '../test/send.ts'
import { type Simulator, startSimulator } from './index.ts'

const SEEDS = 50
const START_MS = 1_700_000_000_000

let receiver: Receiver
beforeAll(async () => {
  receiver = await startReceiver()
})
afterAll(() => receiver.close())

const weather = {
  eventsPerPostMax: 7,
  gatherMs: 200,
  sizesVary: true,
  duplicateShare: 0.3,
  duplicatesMax: 5,
  disorderShare: 0.4,
  lateShare: 0.2,
  lateMs: 5_000,
  secondsShare: 0.5,
  numericIdShare: 0.2,
  unknownMemberShare: 0.2,
  missingSenderShare: 0.1,
  foreignRecipientShare: 0.1,
  standbyShare: 0.2,
} as const

const call = fc.oneof(
  fc.record({ does: fc.constant('ask' as const), page: fc.nat(2), payload: fc.string() }),
  fc.record({ does: fc.constant('tap' as const), page: fc.nat(2), payload: fc.string() }),
  fc.record({
    does: fc.constant('say' as const),
    page: fc.nat(2),
    text: fc.string({ unit: 'grapheme' }),
  }),
  fc.record({ does: fc.constant('come' as const), page: fc.nat(2), ref: fc.string() }),
  fc.record({ does: fc.constant('send' as const), page: fc.nat(2), text: fc.string() }),
  fc.record({ does: fc.constant('jump' as const), ms: fc.integer({ min: 1, max: 10_000 }) }),
)
type Call = typeof call extends fc.Arbitrary<infer T> ? T : never

interface Heard {
  readonly answers: readonly string[]
  readonly webhooks: readonly string[]
}

async function live(seed: string, calls: readonly Call[]): Promise<Heard> {
  const simulator = await startSimulator({
    seed,
    clock: { startAtMs: START_MS, running: false },
    // One at a time, so that the order in which bodies arrive is that in which they are sent.
    webhooks: { callbackUrl: receiver.url, concurrency: 1, weather },
  })
  const from = receiver.posts.length
  const tokens: string[] = []
  const answers: string[] = []
  try {
    simulator.addKnob({ share: 0.3, deliver: true, answer: { kind: 'empty', status: 500 } })
    for (const each of calls) answers.push(await make(each, { simulator, tokens }))
    await simulator.advance(60_000)
    // What the jump set free gathers once more.
    await simulator.advance(1_000)
    await simulator.settled()
  } finally {
    await simulator.close()
  }
  const posts = receiver.posts.slice(from)
  const texts = posts.map(({ body, headers }) => `${headers['x-hub-signature-256']} ${body}`)
  return { answers, webhooks: texts }
}

interface Life {
  readonly simulator: Simulator
  readonly tokens: string[]
}

async function make(each: Call, { simulator, tokens }: Life): Promise<string> {
  if (each.does === 'jump') return JSON.stringify(await simulator.advance(each.ms))
  const { page } = each
  const pageId = simulator.pages[page]?.pageId ?? ''
  const psid = simulator.people(pageId)[0]?.psid ?? ''
  switch (each.does) {
    case 'ask':
      return JSON.stringify(simulator.ask({ pageId, payload: each.payload }))
    case 'tap': {
      const tapped = await simulator.tap({ pageId, payload: each.payload })
      tokens.push(tapped.token)
      return JSON.stringify(tapped)
    }
    case 'say':
      return JSON.stringify(
        await simulator.act({ pageId, psid, act: { kind: 'message', text: each.text } }),
      )
    case 'come': {
      const referral = { ref: each.ref, source: 'SHORTLINK', type: 'OPEN_THREAD' }
      return JSON.stringify(
        await simulator.act({ pageId, psid, act: { kind: 'referral', referral } }),
      )
    }
    case 'send': {
      const recipient = { one_time_notif_token: tokens.at(-1) ?? '0' }
      const body = JSON.stringify({ recipient, message: { text: each.text } })
      return (await post(simulator, { body, pageIndex: page })).text
    }
  }
}

test('equal seeds and calls give byte-equal answers and webhooks, in one order', async () => {
  let webhookCount = 0
  await fc.assert(
    fc.asyncProperty(
      fc.string(),
      fc.array(call, { minLength: 5, maxLength: 15 }),
      async (seed, calls) => {
        const first = await live(seed, calls)
        expect(await live(seed, calls)).toEqual(first)
        webhookCount += first.webhooks.length
      },
    ),
    { numRuns: SEEDS },
  )
  expect(webhookCount).toBeGreaterThan(SEEDS)
}, 120_000)

test('another seed gives other ids and other weather', async () => {
  const calls: readonly Call[] = [
    { does: 'ask', page: 0, payload: 'p' },
    { does: 'tap', page: 0, payload: 'p' },
  ]
  const [one, other] = [await live('one', calls), await live('other', calls)]
  expect(one.answers).not.toEqual(other.answers)
  expect(one.webhooks).not.toEqual(other.webhooks)
})
