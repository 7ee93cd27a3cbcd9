import { pageId } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { command, NOW, stored } from '../../test/support/command-facts.ts'
import type { StoredCommand } from '../domain/document.ts'
import { MemoryLanes } from './lanes-memory.ts'

const [A, B] = [pageId('1'), pageId('2')]

function createScene() {
  const state = {
    ...{ machineMs: 0, nowMs: NOW, isBroken: false, running: new Map<string, () => void>() },
    roomAt: null as number | null,
    share: 1,
    /** Whether time passes while somebody sleeps. */
    passes: false,
  }
  const wakes: number[] = []
  const slept: number[] = []
  const lanes = new MemoryLanes({
    run: ({ id }) =>
      new Promise((resolve, reject) => {
        state.running.set(id, () => (state.isBroken ? reject(new Error('made up')) : resolve()))
      }),
    failed: () => 1_000,
    ...{ concurrency: 2, queueMax: 3, totalMax: 4, recheckMs: 60_000, throttleMsMax: 60_000 },
    ...{ machineMs: () => state.machineMs, nowMs: () => state.nowMs, random: () => 1 },
    ceilings: { text: 300, media: 10 },
    shares: { shareOf: () => state.share, ready: async () => {}, spend: () => state.roomAt },
    sleep: async (ms) => {
      slept.push(ms)
      state.machineMs += state.passes ? ms : 0
    },
    wakeIn: (ms) => wakes.push(ms),
  })
  const end = async (id: string) => {
    state.running.get(id)?.()
    state.running.delete(id)
    await new Promise(setImmediate)
  }
  return { lanes, state, wakes, slept, end, running: () => [...state.running.keys()] }
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

  test('end a pause by the business clock too, for the time of a demo is virtual', () => {
    const { lanes, state } = createScene()
    lanes.stop(A, { reason: 'rate-limited', pause })
    state.nowMs += 4_999
    expect(lanes.stopOf(A)).toBe('rate-limited')
    state.nowMs += 1
    expect(lanes.stopOf(A)).toBeNull()
  })

  test('stay paused though a call is answered that left before; one that reached nobody ends', () => {
    const { lanes } = createScene()
    lanes.stop(A, { reason: 'rate-limited', pause })
    lanes.answered(A)
    expect(lanes.stopOf(A)).toBe('rate-limited')
    lanes.stop(B, { reason: 'not-reached', pause: { ...pause, scope: 'app', waitMs: null } })
    lanes.answered(B)
    expect([lanes.stopOf(A), lanes.stopOf(B)]).toEqual(['rate-limited', null])
  })

  test('of one page stop after five calls in a row of which nobody knows what came', () => {
    const { lanes } = createScene()
    for (let call = 0; call < 4; call += 1) lanes.unanswered(A)
    lanes.answered(A)
    for (let call = 0; call < 4; call += 1) lanes.unanswered(A)
    expect(lanes.stopOf(A)).toBeNull()
    lanes.unanswered(A)
    expect([lanes.stopOf(A), lanes.stopOf(B)]).toEqual(['no-answers', null])
    lanes.answered(A)
    expect(lanes.stopOf(A)).toBeNull()
  })

  test('stop at a full limit until it is regained: the page, or all where it is the app', () => {
    const { lanes, state } = createScene()
    lanes.used(A, [{ scope: 'page', percent: 99, regainMs: 60_000 }])
    expect(lanes.stopOf(A)).toBeNull()
    lanes.used(A, [{ scope: 'page', percent: 100, regainMs: 60_000 }])
    expect([lanes.stopOf(A), lanes.stopOf(B)]).toEqual(['rate-limited', null])
    state.machineMs = 60_000
    expect(lanes.stopOf(A)).toBeNull()
    lanes.used(A, [{ scope: 'app', percent: 120, regainMs: 1_000 }])
    expect([lanes.stopOf(A), lanes.stopOf(B)]).toEqual(['rate-limited', 'rate-limited'])
  })

  test('give a turn slower and slower as a limit is used up', async () => {
    const { lanes, slept } = createScene()
    const last = async (page: typeof A) => {
      for (let turn = 0; turn < 60; turn += 1) await lanes.turn(page, 'text')
      return slept.at(-1) ?? 0
    }
    lanes.used(A, [{ scope: 'page', percent: 90, regainMs: 0 }])
    const [slow, calm] = [await last(A), await last(B)]
    expect(slow).toBeGreaterThan(2 * calm)
    lanes.used(A, [{ scope: 'app', percent: 90, regainMs: 0 }])
    expect(await last(pageId('3'))).toBeGreaterThan(2 * calm)
  })

  test('give no turn where the calls of the day are used up, until there is room', async () => {
    const { lanes, state } = createScene()
    expect(await lanes.turn(A, 'text')).toEqual({ kind: 'now' })
    state.roomAt = state.nowMs + 3_600_000
    expect(await lanes.turn(A, 'text')).toMatchObject({ kind: 'later' })
    expect([lanes.stopOf(A), lanes.stopOf(B)]).toEqual(['day-budget', null])
    state.nowMs += 3_600_000
    expect(lanes.stopOf(A)).toBeNull()
  })

  test('hold back what is about to leave a lane that was stopped meanwhile', async () => {
    const { lanes } = createScene()
    expect(await lanes.leave(A, 'text')).toBeNull()
    lanes.stop(B, { reason: 'rate-limited', pause: { ...pause, scope: 'app' } })
    expect(await lanes.leave(A, 'text')).toEqual({
      ...{ reason: 'rate-limited', pause: { ...pause, scope: 'app' } },
    })
    expect(await lanes.turn(A, 'text')).toMatchObject({ kind: 'later' })
  })

  test('hold back what could not leave before its claim gets old', async () => {
    const { lanes, state } = createScene()
    for (let call = 0; call < 10; call += 1) expect(await lanes.leave(A, 'media')).toBeNull()
    Object.assign(state, { share: 0, passes: true })
    expect(await lanes.leave(A, 'media')).toEqual({ reason: 'paced', pause: null })
    expect(lanes.stopOf(A)).toBeNull()
  })

  test('share the room of all: whoever has fewest running is next', async () => {
    const { lanes, running, end } = createScene()
    const C = pageId('3')
    for (const id of ['a1', 'a2', 'a3']) lanes.offer(of(A, id))
    for (const id of ['b1', 'b2', 'b3']) lanes.offer(of(B, id))
    for (const id of ['c1', 'c2']) lanes.offer(of(C, id))
    expect(running()).toEqual(['a1', 'a2', 'b1', 'b2'])
    await end('a1')
    expect(running()).toEqual(['a2', 'b1', 'b2', 'c1'])
    await end('b1')
    expect(running()).toEqual(['a2', 'b2', 'c1', 'a3'])
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

  test('resumed, let one call go first: who acted may not have mended it', async () => {
    const { lanes, running, end } = createScene()
    const untilEvent = { ...pause, waitMs: null, untilPageEvent: true }
    lanes.stop(A, { reason: 'page-auth-lost', pause: untilEvent })
    lanes.resume(A)
    for (const id of ['a1', 'a2']) lanes.offer(of(A, id))
    expect(running()).toEqual(['a1'])
    lanes.answered(A)
    await end('a1')
    lanes.offer(of(A, 'a3'))
    expect(running()).toEqual(['a2', 'a3'])
  })

  test('resumed, still wait as long as the platform told: people do not end that', () => {
    const { lanes } = createScene()
    lanes.stop(A, { reason: 'rate-limited', pause })
    lanes.resume(A)
    expect(lanes.stopOf(A)).toBe('rate-limited')
  })

  test('of a page that stood still before this process began let one call go first', async () => {
    const { lanes, running, end } = createScene()
    lanes.tryFirst(A)
    for (const id of ['a1', 'a2']) lanes.offer(of(A, id))
    for (const id of ['b1', 'b2']) lanes.offer(of(B, id))
    expect(running()).toEqual(['a1', 'b1', 'b2'])
    lanes.answered(A)
    await end('a1')
    lanes.offer(of(A, 'a3'))
    expect(running()).toEqual(['b1', 'b2', 'a2', 'a3'])
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
