import { DAY_MS } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { MID, NOW, notify, T1 } from '../../test/support/command-facts.ts'
import { createMemoryPorts, proposed } from '../../test/support/memory-ports.ts'
import { type CallOutcome, NO_ANSWER } from './decide-outcome.ts'

const used: CallOutcome = { ...NO_ANSWER, kind: 'token-used' }
const bare: CallOutcome = {
  ...{ ...NO_ANSWER, kind: 'refused', reason: 'token-rejected', tokenIsDead: false },
}

async function alarmsUpon(outcome: CallOutcome, refusals = 0) {
  const ports = createMemoryPorts()
  Object.assign(ports.state, { outcome, tokens: [proposed({ refusals })] })
  await ports.go(notify())
  return { ...ports.state, ...ports }
}

describe('a token that we never spent', () => {
  test('raises an alarm where the platform calls it used, and is dead [S1-28]', async () => {
    const { alarms, log, store } = await alarmsUpon(used)
    const alarm = { alarm: 'token-spent-elsewhere', severity: 'warning', subject: `token ${T1}` }
    expect(alarms).toMatchObject([alarm])
    const final = { type: 'NotificationFailed', reason: 'token-spent', tokenReleased: false }
    expect(log.at(-1)).toMatchObject(final)
    expect(store.holderOf(T1)).not.toBeNull()
  })

  test('raises it where it is refused to the second command, and not to the first [S1-28]', async () => {
    expect((await alarmsUpon(bare)).alarms).toEqual([])
    expect((await alarmsUpon(bare, 1)).alarms).toMatchObject([{ subject: `token ${T1}` }])
  })

  test('raises none for any other outcome', async () => {
    const others: readonly CallOutcome[] = [
      { ...NO_ANSWER, kind: 'sent', messageId: MID },
      { ...bare, reason: 'recipient-unavailable' },
      { ...bare, reason: 'token-withdrawn', tokenIsDead: true },
      { ...NO_ANSWER, kind: 'unlisted' },
    ]
    for (const outcome of others) expect((await alarmsUpon(outcome, 1)).alarms).toEqual([])
  })

  test('is told once, also where the log is away after the decision [S1-28]', async () => {
    const ports = createMemoryPorts()
    const { state } = ports
    Object.assign(state, { outcome: used, tokens: [proposed()] })
    const away = Object.assign(new Error('no broker'), { retryable: true })
    state.whileCalled = async () => {
      state.tellFails = away
    }
    await ports.go(notify()).catch(() => {})
    expect(state.alarms).toEqual([])
    state.tellFails = null
    for (const document of ports.store.all()) await ports.run(document)
    expect(state.alarms).toHaveLength(1)
    for (const document of ports.store.all()) await ports.run(document)
    expect(state.alarms).toHaveLength(1)
  })
})

describe('a page that the platform stopped', () => {
  const pause = { scope: 'page', waitMs: null, untilPageEvent: true } as const
  const blocked: CallOutcome = {
    ...{ ...NO_ANSWER, kind: 'not-sent', reason: 'page-blocked', pause },
    ...{ graphCode: 10, graphSubcode: 1_893_063 },
  }
  const raisedAt = async (outcome: CallOutcome, nowMs: number) => {
    const ports = createMemoryPorts()
    Object.assign(ports.state, { outcome, nowMs, tokens: [proposed()] })
    await ports.go(notify())
    return ports.state.alarms
  }

  test('raises one alarm a day, whichever command finds out [S1-20, S1-39]', async () => {
    const [first] = await raisedAt(blocked, NOW)
    expect(first).toMatchObject({ alarm: 'page-stopped', severity: 'critical' })
    expect(first?.detail).toContain('10/1893063 (page-blocked)')
    const [again] = await raisedAt(blocked, NOW + 1)
    const [later] = await raisedAt(blocked, NOW + DAY_MS)
    expect(again?.same).toEqual(first?.same)
    expect(later?.same).not.toEqual(first?.same)
  })

  test('raises none where a pause ends by time, or nobody answered', async () => {
    const byTime = { ...blocked, pause: { ...pause, waitMs: 1_000, untilPageEvent: false } }
    expect(await raisedAt(byTime, NOW)).toEqual([])
    expect(await raisedAt({ ...blocked, graphCode: null }, NOW)).toEqual([])
  })
})
