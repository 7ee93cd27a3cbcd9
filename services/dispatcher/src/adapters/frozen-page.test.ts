/** A day in virtual time: the service's own lanes, looks and decisions; the clocks are made up. */
import type { Notify } from '@otn/contracts'
import {
  commandId,
  DAY_MS,
  HOUR_MS,
  MINUTE_MS,
  messageId,
  type PageId,
  pageId,
  SECOND_MS,
} from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { NOW, notify } from '../../test/support/command-facts.ts'
import { createMemoryPorts } from '../../test/support/memory-ports.ts'
import { VirtualTime } from '../../test/support/virtual-time.ts'
import { type CallOutcome, NO_ANSWER } from '../domain/decide-outcome.ts'
import { everyTickDue } from '../handlers/every-tick-due.ts'
import { onCommandDue } from '../handlers/on-command-due.ts'
import { runLane } from '../handlers/run-lane.ts'
import type { LanePorts } from '../ports.ts'
import { MemoryLanes } from './lanes-memory.ts'

const [FROZEN, OTHER, THIRD] = [pageId('1000'), pageId('1001'), pageId('1002')]
const ANSWER_MS = 80
const TICK_MS = MINUTE_MS
const RECHECK_MS = 15 * MINUTE_MS
/** So many commands of one page at a time, of all pages at a time. */
const [LANE, ALL] = [2, 4]
/** Messages of the frozen page: more than a lane keeps in memory. */
const WAITING = 12
/** Of each neighbour each hour: more than a lane runs at a time. */
const BURST = 5

const blocked: CallOutcome = {
  ...{ ...NO_ANSWER, kind: 'not-sent', reason: 'page-blocked' },
  pause: { scope: 'page', waitMs: null, untilPageEvent: true },
}

function createDay({ isFrozen }: { readonly isFrozen: boolean }) {
  const time = new VirtualTime()
  const ports = createMemoryPorts()
  const { state, store, due } = ports
  Object.assign(state, { windowOpenUntil: NOW + 2 * DAY_MS })
  Object.defineProperty(state, 'machineMs', { get: () => time.nowMs })
  Object.defineProperty(state, 'nowMs', { get: () => NOW + time.nowMs })
  const page = { isFrozen }
  const calls: { readonly page: PageId; readonly id: string; readonly delayMs: number }[] = []
  const askedAt = new Map<string, number>()
  const sender: LanePorts['sender'] = {
    send: ({ content: { pageId: id, commandId: command } }) => {
      calls.push({ page: id, id: command, delayMs: time.nowMs - (askedAt.get(command) ?? 0) })
      const isRefused = id === FROZEN && page.isFrozen
      const sent: CallOutcome = { ...NO_ANSWER, kind: 'sent', messageId: messageId(command) }
      const outcome = isRefused ? blocked : sent
      return time.sleep(ANSWER_MS).then(() => outcome)
    },
  }
  const lanes = new MemoryLanes({
    run: (document) => run(document),
    failed: () => SECOND_MS,
    ...{ concurrency: LANE, queueMax: 4 * LANE, totalMax: ALL, recheckMs: RECHECK_MS },
    ...{ machineMs: () => time.nowMs, nowMs: () => NOW + time.nowMs, random: () => 1 },
    ...{ throttleMsMax: MINUTE_MS, ceilings: { text: 300, media: 10 }, sleep: time.sleep },
    shares: { shareOf: () => 1, ready: async () => {}, spend: () => null },
    wakeIn: (ms) => void time.sleep(ms).then(() => look()),
  })
  const lane = { ...due, sender, lanes, machineMs: () => time.nowMs } as unknown as LanePorts
  const run = onCommandDue({ ...due, lanes, runLane: runLane(lane) })
  const agenda = {
    takeDue: async (query: Parameters<typeof store.takeDue>[0]) =>
      store.takeDue(query, { leaseMs: 60_000, worker: 'worker-1' }),
  }
  const clock = { nowMs: () => NOW + time.nowMs }
  const tell = { lookFailed: (error: unknown) => expect(error).toBeNull() }
  const look = everyTickDue({
    ...{ agenda, lanes, clock, tell, limit: 20 },
    pages: { held: () => [] },
  })
  const tick = () => {
    void time.sleep(TICK_MS).then(tick)
    void look()
  }
  tick()
  const ask = async (id: string, of: PageId, more: Partial<Notify> = {}) => {
    askedAt.set(id, time.nowMs)
    const about = { commandId: commandId(id), pageId: of, route: 'WINDOW', topic: null, ...more }
    await ports.record([notify(about)])
    for (const document of state.offered.splice(0)) lanes.offer(document)
  }
  return {
    time,
    page,
    state,
    lanes,
    ask,
    calls,
    callsOf: (of: PageId) => calls.filter((one) => one.page === of),
  }
}

/** A day of the neighbours: each hour a burst larger than a lane, and one message between. */
async function live(day: ReturnType<typeof createDay>): Promise<void> {
  const { time, ask } = day
  for (let n = 1; n <= WAITING; n += 1) await ask(`f-${n}`, FROZEN)
  await ask('f-late', FROZEN, { giveUpAt: NOW + 12 * HOUR_MS })
  for (let hour = 0; hour < 24; hour += 1) {
    for (const of of [OTHER, THIRD]) {
      for (let n = 0; n < BURST; n += 1) await ask(`n-${of}-${hour}-${n}`, of)
    }
    await time.run(hour * HOUR_MS + 30 * MINUTE_MS)
    await ask(`single-${hour}`, OTHER)
    await time.run((hour + 1) * HOUR_MS)
  }
}

const mean = (values: readonly number[]) =>
  values.reduce((sum, one) => sum + one, 0) / values.length

describe('a page that the platform freezes for a day', () => {
  test('loses nothing, sends nothing twice, and its neighbours wait no longer [S1-39]', async () => {
    const [calm, frozen] = [createDay({ isFrozen: false }), createDay({ isFrozen: true })]
    await live(calm)
    await live(frozen)
    const delaysOf = (day: typeof calm) =>
      [OTHER, THIRD].flatMap((of) => day.callsOf(of)).map(({ delayMs }) => delayMs)
    const [before, meanwhile] = [delaysOf(calm), delaysOf(frozen)]
    expect([before.length, meanwhile.length]).toEqual([24 * (2 * BURST + 1), 24 * (2 * BURST + 1)])
    expect(mean(before)).toBeGreaterThan(0)
    expect(mean(meanwhile)).toBeLessThanOrEqual(1.2 * mean(before))
    expect(Math.max(...meanwhile)).toBeLessThanOrEqual(1.2 * Math.max(...before))

    // A lane of calls to learn it, then one call each quarter of an hour.
    const tries = frozen.callsOf(FROZEN).length
    expect(tries).toBeLessThanOrEqual(LANE + DAY_MS / RECHECK_MS + 1)
    const told = (day: typeof calm, type: string) =>
      day.state.log.filter((fact) => fact.type === type && fact.commandId.startsWith('f-'))
    expect(told(frozen, 'NotificationSent')).toEqual([])
    expect(told(frozen, 'NotificationFailed')).toMatchObject([
      { commandId: 'f-late', reason: 'gave-up', attempt: 0 },
    ])
    const waits = told(frozen, 'NotificationScheduled')
    expect(new Set(waits.map(({ reason }) => reason))).toEqual(new Set(['page-blocked']))
    // Each is told why it waits, whether it was in memory or had no room there.
    const soon = waits.filter(({ at }) => at <= NOW + 2 * TICK_MS)
    expect(new Set(soon.map(({ commandId: id }) => id)).size).toBe(WAITING + 1)

    frozen.page.isFrozen = false
    frozen.lanes.resume(FROZEN)
    await frozen.time.run(DAY_MS + 10 * SECOND_MS)
    const sent = told(frozen, 'NotificationSent').map(({ commandId: id }) => id)
    const all = Array.from({ length: WAITING }, (_, index) => `f-${index + 1}`)
    expect(sent.toSorted()).toEqual(all.toSorted())
    expect(frozen.callsOf(FROZEN)).toHaveLength(tries + WAITING)
  })
})
