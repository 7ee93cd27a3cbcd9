import { pageId } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { command, stored } from '../../test/support/command-facts.ts'
import type { StoredCommand } from '../domain/document.ts'
import { MemoryLanes } from './lanes-memory.ts'

const [A, B] = [pageId('1'), pageId('2')]

function createScene() {
  const state = { machineMs: 0, isBroken: false, running: new Map<string, () => void>() }
  const wakes: number[] = []
  const lanes = new MemoryLanes({
    run: ({ id }) =>
      new Promise((resolve, reject) => {
        state.running.set(id, () => (state.isBroken ? reject(new Error('made up')) : resolve()))
      }),
    failed: () => 1_000,
    ...{ concurrency: 2, queueMax: 3, totalMax: 4, recheckMs: 60_000 },
    machineMs: () => state.machineMs,
    wakeIn: (ms) => wakes.push(ms),
  })
  const end = async (id: string) => {
    state.running.get(id)?.()
    state.running.delete(id)
    await new Promise(setImmediate)
  }
  return { lanes, state, wakes, end, running: () => [...state.running.keys()] }
}

function of(page: typeof A, id: string): StoredCommand {
  return stored({ id, command: command({ pageId: page }) })
}

const pause = { scope: 'page', waitMs: 5_000, untilPageEvent: false } as const

describe('lanes', () => {
  test('run a bounded number of each page, and a full page leaves the others alone', async () => {
    const { lanes, running, end } = createScene()
    const offered = ['a1', 'a2', 'a3', 'a4', 'a5', 'a6'].map((id) => lanes.offer(of(A, id)))
    expect(offered).toEqual([true, true, true, true, true, false])
    expect(lanes.offer(of(B, 'b1'))).toBe(true)
    expect(running()).toEqual(['a1', 'a2', 'b1'])
    expect(lanes.without()).toEqual([A])
    await end('a1')
    expect(running()).toEqual(['a2', 'b1', 'a3'])
  })

  test('run a command once, however often it is offered', () => {
    const { lanes, running } = createScene()
    expect([lanes.offer(of(A, 'a1')), lanes.offer(of(A, 'a1'))]).toEqual([true, true])
    expect([running(), [...lanes.busy]]).toEqual([['a1'], ['a1']])
  })

  test('leave a command alone for as long as told after its run failed, and only then', async () => {
    const { lanes, state, running, end } = createScene()
    state.isBroken = true
    lanes.offer(of(A, 'a1'))
    await end('a1')
    lanes.offer(of(A, 'a1'))
    expect([running(), [...lanes.busy]]).toEqual([[], ['a1']])
    state.machineMs = 1_000
    expect([...lanes.busy]).toEqual([])
    lanes.offer(of(A, 'a1'))
    expect(running()).toEqual(['a1'])
  })

  test('look for more as soon as what waits in the store has room', async () => {
    const { lanes, wakes, end } = createScene()
    for (const id of ['a1', 'a2', 'a3', 'a4', 'a5', 'a6']) lanes.offer(of(A, id))
    for (const id of ['a1', 'a2', 'a3']) await end(id)
    expect(wakes).toEqual([0])
  })

  test('stand still for as long as told; then one call goes first', async () => {
    const { lanes, state, running, end, wakes } = createScene()
    lanes.offer(of(A, 'a1'))
    lanes.stop(A, { reason: 'rate-limited', pause })
    await end('a1')
    expect([lanes.stopOf(A), lanes.stopOf(B)]).toEqual(['rate-limited', null])
    expect(lanes.offer(of(A, 'a2'))).toBe(false)
    expect(wakes).toEqual([5_000])
    state.machineMs = 5_000
    for (const id of ['a2', 'a3']) lanes.offer(of(A, id))
    expect(running()).toEqual(['a2'])
    lanes.answered(A)
    await end('a2')
    for (const id of ['a4', 'a5']) lanes.offer(of(A, id))
    expect(running()).toEqual(['a3', 'a4'])
  })

  test('wait longer with each stop in a row, where nobody said how long', () => {
    const { lanes, state, wakes } = createScene()
    for (let stop = 0; stop < 8; stop += 1) {
      lanes.stop(A, { reason: 'not-reached', pause: { ...pause, scope: 'app', waitMs: null } })
      state.machineMs += 60_000
    }
    expect(wakes).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000])
  })

  test('stop all at once for what concerns the app, and no page is looked for', () => {
    const { lanes, state } = createScene()
    lanes.stop(A, { reason: 'rate-limited', pause: { ...pause, scope: 'app' } })
    expect([lanes.stopOf(B), lanes.without()]).toEqual(['rate-limited', 'all'])
    state.machineMs = 5_000
    expect([lanes.stopOf(B), lanes.without()]).toEqual([null, []])
  })

  test('stopped until somebody acts still tell each command so, and go on when he has', () => {
    const { lanes, running } = createScene()
    lanes.stop(A, {
      reason: 'page-auth-lost',
      pause: { ...pause, waitMs: null, untilPageEvent: true },
    })
    expect(lanes.hasRoom(A)).toBe(false)
    expect(lanes.offer(of(A, 'a1'))).toBe(true)
    expect([running(), lanes.stopOf(A)]).toEqual([['a1'], 'page-auth-lost'])
    lanes.resume(A)
    expect(lanes.stopOf(A)).toBeNull()
  })

  test('run what was taken from the store even while they stand still: it may be given up', () => {
    const { lanes, running } = createScene()
    lanes.stop(A, { reason: 'rate-limited', pause })
    lanes.admit(of(A, 'a1'))
    expect(running()).toEqual(['a1'])
  })

  test('close when what runs has ended, and take nothing more', async () => {
    const { lanes, end } = createScene()
    lanes.offer(of(A, 'a1'))
    let isClosed = false
    const closing = lanes.close().then(() => {
      isClosed = true
    })
    expect([lanes.offer(of(A, 'a2')), lanes.room, isClosed]).toEqual([false, 0, false])
    await end('a1')
    await closing
    expect(isClosed).toBe(true)
  })
})

describe('[U12] lanes with a campaign', () => {
  const member = (id: string) =>
    stored({ id, command: command({ pageId: A, campaignId: 'spring' }) })

  test('carry out other commands of the page first, however many of the campaign wait', async () => {
    const { lanes, running, end } = createScene()
    for (const id of ['m1', 'm2', 'm3', 'm4']) lanes.admit(member(id))
    expect(lanes.withoutMembers()).toEqual([A])
    expect(lanes.hasRoom(A)).toBe(true)
    lanes.offer(of(A, 'a1'))
    lanes.offer(of(A, 'a2'))
    await end('m1')
    await end('m2')
    expect(running()).toEqual(['a1', 'a2'])
    await end('a1')
    await end('a2')
    expect(running()).toEqual(['m3', 'm4'])
  })

  test('ask for more of it once those in memory have run', async () => {
    const { lanes, wakes, end } = createScene()
    for (const id of ['m1', 'm2', 'm3', 'm4']) lanes.admit(member(id))
    expect(lanes.withoutMembers()).toEqual([A])
    const before = wakes.length
    for (const id of ['m1', 'm2', 'm3', 'm4']) await end(id)
    expect(wakes.slice(before)).toContain(0)
    expect(lanes.withoutMembers()).toEqual([])
  })
})
