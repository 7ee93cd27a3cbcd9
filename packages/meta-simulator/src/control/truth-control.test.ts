import { DAY_MS } from '@otn/kernel'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { sendWithToken } from '../../test/send.ts'
import { type Simulator, startSimulator } from '../index.ts'

const START_MS = 1_700_000_000_000
let simulator: Simulator
let pageId: string

beforeEach(async () => {
  const clock = { startAtMs: START_MS, running: false }
  simulator = await startSimulator({ seed: 'truth', clock, people: ['Ada', 'Bo'] })
  pageId = simulator.pages[0]?.pageId ?? ''
})
afterEach(() => simulator.close())

const psidOf = (index: number) => simulator.people(pageId)[index]?.psid ?? ''

describe('the hidden truth', () => {
  test('of a token names its holder, what arrived and when, and every call with its outcome', async () => {
    const { token } = await simulator.tap({ pageId, psid: psidOf(0), payload: 'p' })
    const { token: other } = await simulator.tap({ pageId, psid: psidOf(1), payload: 'p' })
    simulator.addKnob({ token, times: 1, deliver: false, answer: { kind: 'empty', status: 500 } })
    simulator.addKnob({ token, times: 1, deliver: true, answer: { kind: 'html' } })
    for (const each of [token, token, token, other]) await sendWithToken(simulator, { token: each })
    const truth = simulator.truth({ token })
    expect(truth.people).toMatchObject([{ psid: psidOf(0), name: 'Ada' }])
    expect(truth.tokens).toMatchObject([
      { token, state: 'SPENT', calls: 3, spent: { atMs: START_MS } },
    ])
    expect(truth.deliveries).toMatchObject([
      { token, psid: psidOf(0), route: 'token', atMs: START_MS, message: { text: 'It is back.' } },
    ])
    const seen = truth.calls.map(({ outcome, code, answered }) => [outcome, code, answered])
    expect(seen).toEqual([
      ['not-judged', null, 'empty'],
      ['delivered', null, 'html'],
      ['refused', 100, 'genuine'],
    ])
  })

  test('of a person says whether and until when they can be reached', async () => {
    const psid = psidOf(0)
    await simulator.act({ pageId, psid, act: { kind: 'message', text: 'Hi' } })
    for (const kind of ['block', 'stop', 'unblock', 'delete-chat'] as const) {
      await simulator.act({ pageId, psid, act: { kind } })
    }
    expect(simulator.truth({ psid }).people).toEqual([
      {
        pageId,
        psid,
        name: 'Ada',
        blocked: false,
        stopped: true,
        deleted: true,
        windowOpenUntilMs: START_MS + DAY_MS,
        requests: [],
      },
    ])
  })

  test('is read page by page, nothing twice and nothing left out', async () => {
    for (let n = 0; n < 25; n += 1) await simulator.tap({ pageId, payload: `p${n}` })
    const payloads: string[] = []
    for (let after: number | null = 0; after !== null; ) {
      const page = simulator.truth({ pageId, after, limit: 10 })
      payloads.push(...page.tokens.map(({ payload }) => payload))
      after = page.next
    }
    expect(payloads).toEqual(Array.from({ length: 25 }, (_, n) => `p${n}`))
  })

  test('is never more than it was asked for, and the limit has a limit', async () => {
    expect(() => simulator.truth({ limit: 100_001 })).toThrow(/limit/)
    const answer = await fetch(`${simulator.simulatorUrl}/_sim/truth?limit=1`)
    const { people, next }: { people: unknown[]; next: number } = JSON.parse(await answer.text())
    expect([people.length, next]).toEqual([1, 1])
  })
})

describe('the page’s own send', () => {
  test('goes through knobs and judge like any call, and is counted', async () => {
    const { token } = await simulator.tap({ pageId, psid: psidOf(0), payload: 'p' })
    simulator.addKnob({ token, times: 1, deliver: true, answer: { kind: 'cut-connection' } })
    const send = () => simulator.send({ pageId, token, message: { text: 'Hi' } })
    expect(await send()).toEqual({ status: null, body: null })
    expect(await send()).toMatchObject({ status: 400, body: expect.stringContaining('"code":100') })
    expect(simulator.truth({ token }).calls).toHaveLength(2)
    const byId = { pageId, psid: psidOf(1), message: { text: 'Hi' } }
    expect(await simulator.send(byId)).toMatchObject({ status: 400 })
    await expect(simulator.send({ ...byId, pageId: '9' })).rejects.toThrow(/pageId/)
  })
})
