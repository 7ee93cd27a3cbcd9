import { appError, commandId, eventId, tokenId } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { notify, T1, T2 } from '../../test/support/command-facts.ts'
import { createMemoryPorts, offsets, proposed } from '../../test/support/memory-ports.ts'
import { stateOf } from '../domain/command.ts'
import { NO_ANSWER } from '../domain/decide-outcome.ts'

const story = (log: readonly { readonly type: string; readonly attempt: number }[]) =>
  log.map(({ type, attempt }) => `${type.replace('Notification', '')} ${attempt}`)

describe('a command that is due', () => {
  test('spends the first token: intended, called, decided, told', async () => {
    const { go, state, store } = createMemoryPorts()
    state.tokens = [proposed()]
    await go(notify())
    expect(story(state.log)).toEqual(['Attempted 1', 'Sent 1'])
    expect(state.calls).toHaveLength(1)
    expect(store.holderOf(T1)?.id).toBe('1000:c-1')
    expect(store.read('1000:c-1')?.facts).toEqual([])
  })

  test('takes the next token where the first is held by another command', async () => {
    const { go, state } = createMemoryPorts()
    state.tokens = [proposed()]
    await go(notify())
    state.tokens = [proposed(), proposed({ tokenId: T2 })]
    await go(notify({ commandId: commandId('c-2') }))
    expect(state.log.at(-1)).toMatchObject({ type: 'NotificationSent', tokenId: T2 })
  })

  test('is told token-spent, at once, where its own token went out with another command', async () => {
    const { go, state } = createMemoryPorts()
    state.tokens = [proposed()]
    await go(notify())
    // The ledger has not heard of it yet; our own claims have.
    state.needs = offsets(9n)
    await go(notify({ commandId: commandId('c-2'), psid: null, tokenId: T1 }))
    expect(state.log.at(-1)).toMatchObject({ type: 'NotificationFailed', reason: 'token-spent' })
  })

  test('claims no token that expired since it was chosen: an attempt bears no later time', async () => {
    const { go, run, state, store } = createMemoryPorts()
    const token = proposed()
    state.tokens = [token]
    state.turn = () => {
      state.nowMs = token.expiresAt
      return { kind: 'now' }
    }
    await go(notify())
    expect(state.log).toEqual([])
    expect(state.calls).toEqual([])
    const waiting = store.read('1000:c-1')
    if (waiting) await run(waiting)
    expect(state.log).toMatchObject([{ type: 'NotificationFailed', reason: 'token-expired' }])
  })

  test('is never refused by a stale answer, and refused by the first fresh one', async () => {
    const { go, run, state, store } = createMemoryPorts()
    state.needs = offsets(5n)
    state.asOf = offsets(4n)
    await go(notify())
    expect(state.log).toEqual([])
    const waiting = store.read('1000:c-1')
    expect(waiting && stateOf(waiting.command)).toBe('open')
    state.asOf = offsets(5n)
    if (waiting) await run(waiting)
    expect(state.log).toMatchObject([{ type: 'NotificationFailed', reason: 'no-live-token' }])
  })

  test('claims nothing while the token of its page does not open, and goes once it does', async () => {
    const { go, run, state, store } = createMemoryPorts()
    state.tokens = [proposed()]
    state.pageTokenFails = appError('OTN_VAULT_KEY_UNKNOWN', { message: 'a key of tomorrow' })
    await expect(go(notify())).rejects.toThrow('a key of tomorrow')
    expect([state.log, state.calls, store.holderOf(T1)]).toEqual([[], [], null])
    state.pageTokenFails = null
    const waiting = store.read('1000:c-1')
    if (waiting) await run(waiting)
    expect(story(state.log)).toEqual(['Attempted 1', 'Sent 1'])
  })

  test('waits for the key of its content, and ends all the same when it is to be given up', async () => {
    const { go, run, state, store } = createMemoryPorts()
    state.contentFails = appError('OTN_VAULT_KEY_UNKNOWN', { message: 'a key of tomorrow' })
    await expect(go(notify({ giveUpAt: state.nowMs }))).rejects.toThrow('a key of tomorrow')
    expect(state.log).toEqual([])
    state.nowMs += 1
    const waiting = store.read('1000:c-1')
    if (waiting) await run(waiting)
    expect(state.log).toMatchObject([{ type: 'NotificationFailed', reason: 'gave-up' }])
    expect(state.calls).toEqual([])
  })

  test('[S1-36] refused for the token its page had before goes again, and nothing stands still', async () => {
    const { go, state } = createMemoryPorts()
    state.tokens = [proposed()]
    const pause = { scope: 'page', waitMs: null, untilPageEvent: true } as const
    const dead = { ...NO_ANSWER, kind: 'not-sent', reason: 'page-auth-lost', pause } as const
    state.outcome = { ...dead, graphCode: 190 }
    const { connection } = state.view
    state.whileCalled = async () => {
      const anew = connection && { ...connection, eventId: eventId('anew') }
      state.view = { ...state.view, connection: anew }
    }
    await go(notify())
    expect(story(state.log)).toEqual(['Attempted 1', 'Scheduled 1'])
    expect([state.stops, state.alarms]).toEqual([[], []])
    await go(notify({ commandId: commandId('c-2') }))
    expect(state.stops).toMatchObject([{ reason: 'page-auth-lost' }])
    expect(state.alarms).toMatchObject([{ alarm: 'page-stopped' }])
  })

  test('[S1-17] is refused by name where its page lets others notify on its topic', async () => {
    const { go, state } = createMemoryPorts()
    state.tokens = [proposed()]
    state.mayNotify = ({ topic, requestedBy }) => topic === 'sale' || requestedBy === 'shop'
    await go(notify({ requestedBy: 'crm' }))
    const refusal = { type: 'NotificationFailed', reason: 'requester-not-allowed', attempt: 0 }
    expect(state.log).toMatchObject([refusal])
    expect(state.calls).toEqual([])
    await go(notify({ requestedBy: 'shop', commandId: commandId('c-2') }))
    expect(state.log.at(-1)).toMatchObject({ type: 'NotificationSent' })
  })

  test('[S0-20] is told to have failed only while the store is still the one that says so', async () => {
    const { go, run, state, store } = createMemoryPorts()
    state.standing = () => {
      throw appError('OTN_STORE_GENERATION_LOST', { message: 'made up' })
    }
    await expect(go(notify())).rejects.toMatchObject({ code: 'OTN_STORE_GENERATION_LOST' })
    expect(state.log).toEqual([])
    state.standing = () => {}
    const decided = store.read('1000:c-1')
    if (decided) await run(decided)
    expect(state.log).toMatchObject([{ type: 'NotificationFailed', reason: 'no-live-token' }])
  })

  test('waits while the ledger or the ends of the log cannot be asked', async () => {
    const { go, state, store } = createMemoryPorts()
    state.ledgerFails = appError('OTN_LEDGER_UNAVAILABLE', { message: 'made up' })
    await go(notify())
    expect(store.read('1000:c-1')).toMatchObject({ waits: 1 })
    expect(state.log).toEqual([])
  })

  test('withdrawn between proposal and call, is not called: the intent is closed as refused', async () => {
    const { go, state } = createMemoryPorts()
    state.tokens = [proposed()]
    state.gate = () => 'withdrawn'
    await go(notify())
    expect(state.calls).toEqual([])
    const closed = { reason: 'token-withdrawn', tokenReleased: false }
    expect(state.log.at(-1)).toMatchObject({ type: 'NotificationFailed', ...closed })
  })

  test('[S0-02] waits, unclaimed, until each withdrawal on the log is known here', async () => {
    const { go, run, state, store } = createMemoryPorts()
    state.tokens = [proposed()]
    state.withdrawalsRead = false
    await go(notify())
    expect([state.calls.length, state.log, store.holderOf(T1)]).toEqual([0, [], null])
    state.withdrawalsRead = true
    const document = store.read('1000:c-1')
    if (document) await run(document)
    expect(story(state.log)).toEqual(['Attempted 1', 'Sent 1'])
  })

  test('withdrawn while its outcome is unknown, is not probed: it stands in doubt', async () => {
    const { go, run, state, store } = createMemoryPorts()
    state.tokens = [proposed()]
    state.outcome = { ...NO_ANSWER, kind: 'unknown', mayProbe: true }
    await go(notify())
    state.gate = () => 'withdrawn'
    const document = store.read('1000:c-1')
    if (document) await run(document)
    expect(state.calls).toHaveLength(1)
    expect(story(state.log)).toEqual(['Attempted 1', 'InDoubt 1', 'Attempted 2', 'InDoubt 2'])
    expect(state.log.at(-1)).toMatchObject({ reason: 'doubt-stands' })
  })

  test('withdrawn while it waits, is refused by its reason when its time has come', async () => {
    const { go, run, state, store } = createMemoryPorts()
    await go(notify({ notBefore: state.nowMs + 1 }))
    state.nowMs += 1
    state.tokens = [proposed({ state: 'withdrawn' })]
    const document = store.read('1000:c-1')
    if (document) await run(document)
    expect(state.calls).toEqual([])
    expect(state.log.at(-1)).toMatchObject({ reason: 'token-withdrawn', attempt: 0 })
  })

  test('is not called where the store is not the one it was claimed in', async () => {
    const { go, state } = createMemoryPorts()
    state.tokens = [proposed()]
    state.gate = () => {
      throw appError('OTN_STORE_GENERATION_LOST', { message: 'made up' })
    }
    await expect(go(notify())).rejects.toMatchObject({ code: 'OTN_STORE_GENERATION_LOST' })
    expect(state.calls).toEqual([])
  })

  test('is not called without an acknowledged intent, and both facts are told later', async () => {
    const { go, run, state, store } = createMemoryPorts()
    state.tokens = [proposed()]
    state.tellFails = appError('OTN_BUS_NOT_ACKNOWLEDGED', { message: 'made up' })
    await expect(go(notify())).rejects.toMatchObject({ code: 'OTN_BUS_NOT_ACKNOWLEDGED' })
    expect(state.calls).toEqual([])
    expect(state.stops).toMatchObject([{ reason: 'log-unavailable', pause: { scope: 'app' } }])
    state.tellFails = null
    const document = store.read('1000:c-1')
    if (document) await run(document)
    expect(story(state.log)).toEqual(['Attempted 1', 'Scheduled 1', 'Attempted 2', 'Sent 2'])
  })

  test('of unknown outcome is settled by nothing but its own token', async () => {
    const { go, run, state, store } = createMemoryPorts()
    state.tokens = [proposed(), proposed({ tokenId: T2 })]
    state.outcome = { ...NO_ANSWER, kind: 'unknown', mayProbe: true }
    await go(notify())
    expect(story(state.log)).toEqual(['Attempted 1'])
    state.outcome = { ...NO_ANSWER, kind: 'token-used' }
    const document = store.read('1000:c-1')
    if (document) await run(document)
    expect(story(state.log)).toEqual(['Attempted 1', 'InDoubt 1', 'Attempted 2', 'Sent 2'])
    expect(state.log.at(-1)).toMatchObject({ certainty: 'INFERRED', tokenId: T1 })
    expect(new Set(state.calls.map(({ token }) => token?.reveal())).size).toBe(1)
  })

  test('whose document vanished in the middle of its call still tells the log that it sent', async () => {
    const { go, state, store } = createMemoryPorts()
    state.tokens = [proposed()]
    const gone = store.write
    state.gate = () => {
      store.read = () => null
      store.write = () => 'changed-meanwhile'
      return 'open'
    }
    await go(notify())
    expect(gone).not.toBe(store.write)
    expect(story(state.log)).toEqual(['Attempted 1', 'Sent 1'])
  })

  test('[S0-20] so, and while the log is away as well, still tells it once the log is back', async () => {
    const { go, state, store } = createMemoryPorts()
    state.tokens = [proposed()]
    state.whileCalled = async () => {
      store.read = () => null
      store.write = () => 'changed-meanwhile'
      state.tellFails = appError('OTN_BUS_NOT_ACKNOWLEDGED', { message: 'made up' })
    }
    state.whileAsleep = () => {
      state.tellFails = null
    }
    await go(notify())
    expect(story(state.log)).toEqual(['Attempted 1', 'Sent 1'])
  })

  test('unknown to the ledger is refused by its id', async () => {
    const { go, state } = createMemoryPorts()
    await go(notify({ psid: null, tokenId: tokenId('f'.repeat(32)) }))
    expect(state.log).toMatchObject([{ reason: 'token-unknown', attempt: 0 }])
  })

  test('[S0-04] neither gets a token whose release is not on the log yet, nor is refused for it', async () => {
    const { go, run, state, store } = createMemoryPorts()
    const again = async (id: string) => {
      const document = store.read(id)
      if (document) await run(document)
    }
    state.tokens = [proposed()]
    const reason = 'graph-refused'
    state.outcome = { ...NO_ANSWER, kind: 'refused', reason, tokenIsDead: false }
    state.gate = () => {
      state.tellFails = appError('OTN_BUS_NOT_ACKNOWLEDGED', { message: 'made up' })
      return 'open'
    }
    await expect(go(notify())).rejects.toMatchObject({ code: 'OTN_BUS_NOT_ACKNOWLEDGED' })
    Object.assign(state, { tellFails: null, gate: () => 'open' })
    await go(notify({ commandId: commandId('c-2') }))
    expect(story(state.log)).toEqual(['Attempted 1'])
    expect(store.read('1000:c-2')).toMatchObject({ waits: 1, facts: [] })
    await again('1000:c-1')
    await again('1000:c-2')
    const whole = ['Attempted 1', 'Failed 1', 'Attempted 1', 'Failed 1']
    expect(story(state.log)).toEqual(whole)
    expect(state.log.map((event) => event.commandId)).toEqual(['c-1', 'c-1', 'c-2', 'c-2'])
  })
})
