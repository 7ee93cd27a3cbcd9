import { followClock } from '@otn/runtime'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { type Simulator, startSimulator } from '../index.ts'

const START_MS = 1_700_000_000_000
let simulator: Simulator

beforeEach(async () => {
  simulator = await startSimulator({ clock: { startAtMs: START_MS, running: false } })
})
afterEach(() => simulator.close())

async function advance(advanceMs: number) {
  const answer = await fetch(simulator.clockUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ advanceMs }),
  })
  const frame: unknown = await answer.json()
  return { status: answer.status, frame }
}

describe('the clock', () => {
  test('has moved for every follower when the jump returns', async () => {
    const names = ['ingress', 'token-ledger', 'dispatcher']
    const clocks = await Promise.all(names.map((name) => followClock(simulator.clockUrl, name)))
    expect(clocks.map((clock) => clock.nowMs())).toEqual([START_MS, START_MS, START_MS])
    for (let jump = 1; jump <= 20; jump += 1) {
      const { frame } = await advance(1_000)
      expect(frame).toMatchObject({ revision: jump, nowMs: START_MS + jump * 1_000 })
      const seen = clocks.map((clock) => clock.nowMs())
      expect(new Set(seen)).toEqual(new Set([START_MS + jump * 1_000]))
    }
    await Promise.all(clocks.map((clock) => clock.close()))
  })

  test('waits for nobody who has gone', async () => {
    const clock = await followClock(simulator.clockUrl, 'gone')
    await clock.close()
    expect((await advance(1)).status).toBe(200)
  })

  test('is read once without a name', async () => {
    const answer = await fetch(simulator.clockUrl)
    expect(await answer.json()).toEqual({ revision: 0, nowMs: START_MS, running: false })
  })

  test('ends its streams when the simulator stops', async () => {
    const answer = await fetch(`${simulator.clockUrl}?follower=reader`)
    await simulator.close()
    expect(await answer.text()).toBe(`{"revision":0,"nowMs":${START_MS},"running":false}\n`)
  })
})
