/** What keeps a command from calling now, seen from outside: nothing is lost, nothing is called. */
import { commandId, MINUTE_MS } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { NOW, notify, T1 } from '../../test/support/command-facts.ts'
import { createMemoryPorts, proposed } from '../../test/support/memory-ports.ts'
import { stateOf } from '../domain/command.ts'
import { NO_ANSWER } from '../domain/decide-outcome.ts'

const story = (log: readonly { readonly type: string; readonly reason?: string | null }[]) =>
  log.map(({ type, reason }) => `${type.replace('Notification', '')} ${reason ?? ''}`.trim())

function createScene() {
  const ports = createMemoryPorts()
  ports.state.tokens = [proposed()]
  const again = async () => {
    const known = ports.store.read('1000:c-1')
    if (known) await ports.run(known)
  }
  return { ...ports, again }
}

describe('a command without a turn', () => {
  test('claims nothing and tells nothing, and goes when it has one', async () => {
    const { go, again, state, store } = createScene()
    state.turn = () => ({ kind: 'later', delayMs: 700 })
    await go(notify())
    expect([state.log, state.calls, store.holderOf(T1)]).toEqual([[], [], null])
    state.turn = () => ({ kind: 'now' })
    state.machineMs += 700
    await again()
    expect(story(state.log)).toEqual(['Attempted', 'Sent'])
  })

  test('[S0-02] that is withdrawn from while it waits to leave calls nobody', async () => {
    const { go, state } = createScene()
    state.beforeCall = async () => {
      state.gate = () => 'withdrawn'
    }
    await go(notify())
    expect(story(state.log)).toEqual(['Attempted', 'Failed token-withdrawn'])
    expect(state.calls).toEqual([])
  })

  test('held back right before its call is known not to have gone out: its token is free', async () => {
    const { go, again, state, store } = createScene()
    const pause = { scope: 'page', waitMs: 5_000, untilPageEvent: false } as const
    state.holdsBack = { reason: 'rate-limited', pause }
    await go(notify())
    expect(story(state.log)).toEqual(['Attempted', 'Scheduled rate-limited'])
    expect(state.log.at(-1)).toMatchObject({ tokenReleased: true, dueAt: NOW + 5_000 })
    expect([state.calls, store.holderOf(T1)]).toEqual([[], null])
    // The lane is paused for no longer than it was.
    expect(state.stops).toEqual([{ reason: 'rate-limited', pause }])
    state.holdsBack = null
    state.machineMs += 10_000
    await again()
    expect(state.log.at(-1)).toMatchObject({ type: 'NotificationSent', attempt: 2 })
  })

  test('tells the lane what the platform says of its limits', async () => {
    const { go, state } = createScene()
    const use = [{ scope: 'page', percent: 93, regainMs: MINUTE_MS }] as const
    state.outcome = {
      ...NO_ANSWER,
      kind: 'refused',
      reason: 'graph-refused',
      tokenIsDead: false,
      use,
    }
    await go(notify())
    expect(state.uses).toEqual(use)
  })
})

describe('quiet hours', () => {
  test('are waited for without a call, told with their end, and over to the millisecond', async () => {
    const { go, again, state, store } = createScene()
    const end = NOW + 60 * MINUTE_MS
    state.quietUntil = (nowMs) => (nowMs < end ? end : null)
    await go(notify())
    expect(state.log).toMatchObject([{ reason: 'quiet-hours', dueAt: end, attempt: 0 }])
    expect(store.read('1000:c-1')).toMatchObject({ dueAt: end })
    state.nowMs = end - 1
    await again()
    expect(state.calls).toEqual([])
    state.nowMs = end
    await again()
    expect(story(state.log)).toEqual(['Scheduled quiet-hours', 'Attempted', 'Sent'])
  })

  test("are those of the person's zone where the command names one, at the last look as well", async () => {
    const { go, preview, state } = createScene()
    const end = NOW + 60 * MINUTE_MS
    state.quietUntil = (_, timeZone) => (timeZone === 'Asia/Tokyo' ? end : null)
    const there = notify({ timeZone: 'Asia/Tokyo' })
    expect(await preview(there)).toMatchObject({ decision: 'wait', reason: 'quiet-hours' })
    await go(there)
    expect(state.log).toMatchObject([{ reason: 'quiet-hours', dueAt: end }])
    state.beforeCall = async () => {
      state.quietUntil = (_, timeZone) => (timeZone === 'Europe/Zurich' ? end : null)
    }
    await go(notify({ commandId: commandId('c-2'), timeZone: 'Europe/Zurich' }))
    expect(state.calls).toEqual([])
  })

  test('that begin while a call waits for its turn hold it back, and no lane', async () => {
    const { go, again, state, store } = createScene()
    const [begin, end] = [NOW + 1, NOW + 60 * MINUTE_MS]
    state.quietUntil = (nowMs) => (begin <= nowMs && nowMs < end ? end : null)
    state.beforeCall = async () => {
      state.nowMs = begin
    }
    await go(notify())
    expect(story(state.log)).toEqual(['Attempted', 'Scheduled quiet-hours'])
    expect([state.calls, state.stops, store.holderOf(T1)]).toEqual([[], [], null])
    state.machineMs += 10_000
    await again()
    expect(store.read('1000:c-1')).toMatchObject({ dueAt: end })
  })

  test('make no probe: what may have gone out stays unknown within its hour', async () => {
    const { go, again, state, store } = createScene()
    state.outcome = { ...NO_ANSWER, kind: 'unknown', mayProbe: true }
    await go(notify())
    state.quietUntil = () => NOW + 60 * MINUTE_MS
    state.machineMs += 121_000
    await again()
    expect(state.calls).toHaveLength(1)
    const known = store.read('1000:c-1')
    expect(known && stateOf(known.command)).toBe('attempting')
    state.quietUntil = () => null
    state.machineMs += 1_000
    await again()
    expect(state.calls).toHaveLength(2)
  })

  test('that last beyond giveUpAt end the command, and say so', async () => {
    const { go, state } = createScene()
    state.quietUntil = () => NOW + 10
    await go(notify({ giveUpAt: NOW + 9 }))
    const refusal = { type: 'NotificationFailed', reason: 'quiet-past-give-up', attempt: 0 }
    expect([state.log, state.calls]).toMatchObject([[refusal], []])
  })

  test('are told by a preview', async () => {
    const { preview, state } = createScene()
    state.quietUntil = () => NOW + 10
    expect(await preview(notify())).toMatchObject({ decision: 'wait', reason: 'quiet-hours' })
    const short = notify({ giveUpAt: NOW + 9 })
    expect(await preview(short)).toMatchObject({ decision: 'refuse', reason: 'quiet-past-give-up' })
  })
})
