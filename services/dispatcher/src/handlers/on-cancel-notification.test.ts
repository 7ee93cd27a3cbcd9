import type { CancelNotification } from '@otn/contracts'
import { appError, commandId, pageId } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { ASKING, notify, PAGE, request, T1 } from '../../test/support/command-facts.ts'
import { createMemoryPorts, proposed } from '../../test/support/memory-ports.ts'
import { NO_ANSWER } from '../domain/decide-outcome.ts'
import { digestText } from '../domain/document.ts'
import type { LogRecord, Read } from '../inbox-ports.ts'

const source: LogRecord = {
  ...{ topic: 'cancel', partition: 0, offset: 0n, timestampMs: 0 },
  ...{ key: null, value: null, headers: {} },
}
const cancel = (values: Partial<CancelNotification> = {}): Read<CancelNotification> => {
  const ids = { commandId: commandId('x-1'), pageId: PAGE, cancels: commandId('c-1') }
  return { kind: 'known', value: { ...ids, requestedBy: 'shop', ...values }, source }
}
const PAUSE = { scope: 'page', waitMs: 1, untilPageEvent: false } as const
const CANCELLED = { type: 'NotificationCancelled', attempt: 0, reason: 'cancelled' }

describe('a cancel', () => {
  test('ends a command that waits, and it is never called', async () => {
    const { go, cancelling, run, state, store } = createMemoryPorts()
    state.tokens = [proposed()]
    await go(notify({ notBefore: state.nowMs + 1 }))
    await cancelling([cancel()])
    expect(state.log.at(-1)).toMatchObject({ ...CANCELLED, settledBy: 'shop' })
    state.nowMs += 1
    const document = store.read('1000:c-1')
    if (document) await run(document)
    expect(state.calls).toEqual([])
    expect(document?.facts).toEqual([])
  })

  test('of an id that nobody knows is the final fact of what comes under it', async () => {
    const { cancelling, handle, state, store } = createMemoryPorts()
    await cancelling([cancel(), cancel()])
    expect(state.log).toMatchObject([{ ...CANCELLED, commandDigest: '0'.repeat(64) }])
    const before = store.read('1000:c-1')
    await handle([{ kind: 'known', value: notify(), source: { ...source, topic: 'notify' } }])
    await handle([
      { kind: 'known', value: notify({ text: 'Else.' }), source: { ...source, topic: 'notify' } },
    ])
    expect([state.log.length, state.offered.length]).toEqual([1, 0])
    const after = store.read('1000:c-1')
    expect(after && digestText(after)).toBe(before && digestText(before))
  })

  test('that comes too late changes nothing', async () => {
    const { go, cancelling, state } = createMemoryPorts()
    state.tokens = [proposed()]
    await go(notify())
    await cancelling([cancel()])
    expect(state.log.map(({ type }) => type)).toEqual(['NotificationAttempted', 'NotificationSent'])
  })

  test('beside a call holds as soon as it is known that nothing went out', async () => {
    const { go, cancelling, run, state, store } = createMemoryPorts()
    state.tokens = [proposed()]
    const reason = 'rate-limited' as const
    state.outcome = { ...NO_ANSWER, kind: 'not-sent', reason, pause: PAUSE }
    state.whileCalled = () => cancelling([cancel()])
    await go(notify())
    state.whileCalled = async () => {}
    const document = store.read('1000:c-1')
    if (document) await run(document)
    const types = state.log.map(({ type }) => type.replace('Notification', ''))
    expect(types).toEqual(['Attempted', 'Scheduled', 'Cancelled'])
    expect(state.calls).toHaveLength(1)
    expect(store.holderOf(T1)).toBeNull()
  })

  test('beside a call of unknown outcome forbids a further one, and the doubt stands', async () => {
    const { go, cancelling, run, state, store } = createMemoryPorts()
    state.tokens = [proposed()]
    state.outcome = { ...NO_ANSWER, kind: 'unknown', mayProbe: true }
    await go(notify())
    await cancelling([cancel()])
    const document = store.read('1000:c-1')
    if (document) await run(document)
    expect(state.calls).toHaveLength(1)
    expect(state.log.at(-1)).toMatchObject({ type: 'NotificationInDoubt', reason: 'doubt-stands' })
  })

  test('is told later where the log is away, and lost with no store that was emptied', async () => {
    const { cancelling, run, state, store } = createMemoryPorts()
    state.tellFails = appError('OTN_BUS_NOT_ACKNOWLEDGED', { message: 'made up' })
    await cancelling([cancel()])
    expect(state.log).toEqual([])
    state.tellFails = null
    state.standing = () => {
      throw appError('OTN_STORE_GENERATION_LOST', { message: 'made up' })
    }
    const document = store.read('1000:c-1')
    await expect(document && run(document)).rejects.toMatchObject({
      code: 'OTN_STORE_GENERATION_LOST',
    })
    expect(state.log).toEqual([])
    state.standing = () => {}
    if (document) await run(document)
    expect(state.log).toMatchObject([CANCELLED])
  })

  test('of a question to a person, or of another page, changes nothing of it', async () => {
    const { ask, cancelling, state } = createMemoryPorts()
    expect(ASKING.personMax).toBeGreaterThan(0)
    state.windowOpenUntil = state.nowMs + 1_000
    await ask(request())
    const asked = state.log.length
    await cancelling([cancel({ cancels: commandId('r-1') })])
    expect(state.log).toHaveLength(asked)
    await cancelling([cancel({ pageId: pageId('2') })])
    expect(state.log.at(-1)).toMatchObject({ ...CANCELLED, pageId: '2' })
  })

  test.each([
    [{ cancels: commandId('') }, 'command-id-invalid'],
    [{ commandId: commandId('a\n') }, 'command-id-invalid'],
    [{ pageId: pageId('shop') }, 'page-id-invalid'],
  ])('with an id that is none, as %j, is parked', async (values, reason) => {
    const { cancelling, state, store } = createMemoryPorts()
    await cancelling([cancel(values), cancel()])
    expect(state.parked).toMatchObject([{ why: { reason } }])
    expect(store.all()).toHaveLength(1)
  })
})
