import { HOUR_MS, MINUTE_MS } from '@otn/kernel'
import { beforeEach, describe, expect, test } from 'vitest'
import { NOW, notify, PAGE, request, T1 } from '../../test/support/command-facts.ts'
import { createMemoryPorts, offsets, proposed } from '../../test/support/memory-ports.ts'
import { type CallOutcome, NO_ANSWER } from '../domain/decide-outcome.ts'

const OTHER = { appId: '263902037430900', since: NOW - HOUR_MS }
const OURS = { appId: '4711', since: NOW }
const ID = `${PAGE}:c-1`

const refused: CallOutcome = {
  ...{ ...NO_ANSWER, kind: 'not-sent', reason: 'thread-owned-elsewhere', pause: null },
}

describe('while another app owns the thread', () => {
  let ports: ReturnType<typeof createMemoryPorts>
  beforeEach(() => {
    ports = createMemoryPorts()
    Object.assign(ports.state, { tokens: [proposed()], thread: OTHER })
  })
  const told = () => ports.state.log.map(({ type, reason }) => [type, reason])
  const again = async () => {
    const known = ports.store.read(ID)
    if (known) await ports.run(known)
  }

  test('a message waits without its token and without a call, and goes when it ends [S1-08]', async () => {
    await ports.go(notify())
    expect(told()).toEqual([['NotificationScheduled', 'thread-owned-elsewhere']])
    expect(ports.state.log[0]).toMatchObject({ attempt: 0, dueAt: NOW + MINUTE_MS })
    expect(ports.store.holderOf(T1)).toBeNull()
    // Told once, however long it lasts.
    await again()
    expect([told().length, ports.state.calls.length]).toEqual([1, 0])
    ports.state.thread = null
    await again()
    expect(
      told()
        .slice(1)
        .map(([type]) => type),
    ).toEqual(['NotificationAttempted', 'NotificationSent'])
  })

  test('a question waits as well [S1-08]', async () => {
    Object.assign(ports.state, { tokens: [], windowOpenUntil: NOW + 1 })
    await ports.ask(request())
    expect(told()).toEqual([['NotificationScheduled', 'thread-owned-elsewhere']])
    expect(ports.state.calls).toEqual([])
  })

  test('what the log says is believed for a day; then the platform is asked [S1-08]', async () => {
    ports.state.thread = { ...OTHER, since: NOW - 24 * HOUR_MS }
    await ports.go(notify())
    expect(ports.state.calls).toHaveLength(1)
  })

  test('our own app owns it: the message goes [S1-08]', async () => {
    ports.state.thread = OURS
    await ports.go(notify())
    expect(told().at(-1)).toEqual(['NotificationSent', undefined])
    expect(ports.state.threadCalls).toEqual([])
  })

  test('set to refuse, the message fails by its rule, and by no stale answer [S1-08]', async () => {
    ports.state.threads.policy = 'refuse'
    ports.state.needs = offsets(5n)
    await ports.go(notify())
    expect(told()).toEqual([])
    ports.state.asOf = offsets(5n)
    await again()
    expect(ports.state.log).toMatchObject([
      {
        ...{ type: 'NotificationFailed', attempt: 0, reason: 'thread-owned-elsewhere' },
        rule: 'notify-thread-owner',
      },
    ])
  })

  test('set to request control, it asks once, waits, goes, and gives the thread back [S1-08]', async () => {
    ports.state.threads.policy = 'request-control'
    await ports.go(notify())
    await again()
    expect(told()).toEqual([['NotificationScheduled', 'thread-control-requested']])
    expect(ports.state.threadCalls).toEqual(['request 2000'])
    ports.state.thread = OURS
    await again()
    expect(told().at(-1)).toEqual(['NotificationSent', undefined])
    expect(ports.state.threadCalls).toEqual(['request 2000', 'release 2000'])
  })

  test('a request that the platform does not take is made again with the next look', async () => {
    Object.assign(ports.state.threads, { policy: 'request-control' })
    ports.state.takesThreadCalls = false
    await ports.go(notify())
    ports.state.takesThreadCalls = true
    await again()
    expect(told()).toEqual([
      ['NotificationScheduled', 'thread-owned-elsewhere'],
      ['NotificationScheduled', 'thread-control-requested'],
    ])
    expect(ports.state.threadCalls).toHaveLength(2)
  })

  test('of which only the platform knows, its lane goes on and the message waits [S1-08]', async () => {
    Object.assign(ports.state, { thread: null, outcome: refused })
    await ports.go(notify())
    expect(ports.state.stops).toEqual([])
    expect(ports.state.log.at(-1)).toMatchObject({
      ...{ type: 'NotificationScheduled', attempt: 1, reason: 'thread-owned-elsewhere' },
      ...{ dueAt: NOW + MINUTE_MS, tokenReleased: true },
    })
    expect(ports.store.read(ID)?.dueAt).toBe(NOW + MINUTE_MS)
    ports.state.threads.policy = 'request-control'
    await again()
    expect(ports.state.threadCalls).toEqual(['request 2000'])
    ports.state.outcome = { ...NO_ANSWER, kind: 'sent', messageId: 'm_1' as never }
    await again()
    expect(told().at(-1)).toEqual(['NotificationSent', undefined])
  })

  test('a preview says that it would wait, and which rule says so [S1-08] [U19]', async () => {
    const preview = await ports.preview(notify())
    expect(preview).toMatchObject({ decision: 'wait', reason: 'thread-owned-elsewhere' })
    const verdict = preview.verdicts.find(({ rule }) => rule === 'notify-thread-owner')
    expect(verdict).toMatchObject({ kind: 'flag', source: { id: 'S1-08' } })
    Object.assign(ports.state, { tokens: [], windowOpenUntil: NOW + 1 })
    const asked = await ports.previewRequest(request())
    expect(asked).toMatchObject({ decision: 'wait', reason: 'thread-owned-elsewhere' })
  })
})
