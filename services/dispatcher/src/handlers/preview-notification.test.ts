import { appError } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { notify, request, T1 } from '../../test/support/command-facts.ts'
import { createMemoryPorts, offsets, proposed } from '../../test/support/memory-ports.ts'

describe('a dry run', () => {
  test('names the token that would be spent, and touches nothing', async () => {
    const { preview, state, store } = createMemoryPorts()
    state.tokens = [proposed()]
    expect(await preview(notify())).toMatchObject({ decision: 'spend', tokenId: T1, candidates: 1 })
    expect([state.log, state.calls, store.all()]).toEqual([[], [], []])
  })

  test('is refused by a fresh answer, and by one that becomes fresh in time', async () => {
    const { preview, state } = createMemoryPorts()
    const refusal = { decision: 'refuse', reason: 'no-live-token' }
    expect(await preview(notify())).toMatchObject(refusal)
    state.needs = offsets(5n)
    state.whileAsleep = () => {
      state.asOf = offsets(5n)
      // What came since the question need not be waited for.
      state.needs = offsets(9n)
    }
    expect(await preview(notify())).toMatchObject(refusal)
  })

  test('is spent where the token comes with the younger answer', async () => {
    const { preview, state } = createMemoryPorts()
    state.needs = offsets(5n)
    state.whileAsleep = () => {
      state.tokens = [proposed()]
    }
    expect(await preview(notify())).toMatchObject({ decision: 'spend', tokenId: T1 })
  })

  test.each([
    ['stays behind', 'ledger-behind'],
    ['stays away', 'ledger-unavailable'],
  ])('is never refused by a ledger that %s: nobody is sure, within its time', async (_, reason) => {
    const { preview, state } = createMemoryPorts()
    state.needs = offsets(5n)
    state.ledgerFails =
      reason === 'ledger-unavailable'
        ? appError('OTN_LEDGER_UNAVAILABLE', { message: 'made up' })
        : null
    expect(await preview(notify())).toMatchObject({ decision: 'unsure', reason, candidates: 0 })
    expect(state.machineMs).toBeLessThanOrEqual(1_500)
  })

  test('is unsure while the page events are not read far enough to say no', async () => {
    const { preview, state } = createMemoryPorts()
    state.view = { standing: 'behind', isWarned: false, connection: null }
    const unsure = { decision: 'unsure', reason: 'pages-behind' }
    expect(await preview(notify())).toMatchObject(unsure)
  })

  test('says that the page lets others notify on the topic', async () => {
    const { preview, state } = createMemoryPorts()
    state.tokens = [proposed()]
    state.mayNotify = ({ requestedBy }) => requestedBy === 'shop'
    const refusal = { decision: 'refuse', reason: 'requester-not-allowed' }
    expect(await preview(notify({ requestedBy: 'crm' }))).toMatchObject(refusal)
    expect(await preview(notify({ requestedBy: 'shop' }))).toMatchObject({ decision: 'spend' })
  })

  test('tells the call that would be made, and makes none [U19]', async () => {
    const { preview, previewRequest, state } = createMemoryPorts()
    state.tokens = [proposed()]
    const call = { method: 'POST', path: '/v1/me/messages' }
    expect((await preview(notify())).call).toEqual({ ...call, body: 'token c-1' })
    state.windowOpenUntil = state.nowMs + 1
    const byPerson = await preview(notify({ route: 'WINDOW' }))
    expect(byPerson.call).toEqual({ ...call, body: 'psid c-1' })
    const asked = await previewRequest(request({ topic: 'flight' }))
    expect(asked.call).toEqual({ ...call, body: 'psid r-1' })
    expect((await preview(notify({ topic: 'flight' }))).call).toBeNull()
    expect(state.calls).toEqual([])
  })

  test('is refused where the last gate would stop the call: the person withdrew [U19]', async () => {
    const { preview, previewRequest, state } = createMemoryPorts()
    state.tokens = [proposed()]
    state.windowOpenUntil = state.nowMs + 1
    state.gate = (consent) => (consent === null ? 'open' : 'withdrawn')
    const refusal = { decision: 'refuse', reason: 'token-withdrawn', tokenId: null, call: null }
    expect(await preview(notify())).toMatchObject(refusal)
    expect(await preview(notify({ route: 'WINDOW' }))).toMatchObject(refusal)
    const paid = request({ psid: null, tokenId: T1 })
    expect(await previewRequest(paid)).toMatchObject(refusal)
    expect(await previewRequest(request({ topic: 'flight' }))).toMatchObject(refusal)
    state.withdrawalsRead = false
    const unsure = { decision: 'unsure', reason: 'withdrawals-behind' }
    expect(await preview(notify())).toMatchObject(unsure)
  })

  test('waits for its time before page and clock rule on its tag, as the command does [U19]', async () => {
    const { preview, state } = createMemoryPorts()
    state.view = { ...state.view, standing: 'page-blocked', connection: null }
    const tagged = { route: 'TAG', tag: 'HUMAN_AGENT' }
    const blocked = { decision: 'refuse', reason: 'page-blocked' }
    expect(await preview(notify(tagged))).toMatchObject(blocked)
    const later = { ...tagged, notBefore: state.nowMs + 1 }
    expect(await preview(notify(later))).toMatchObject({ decision: 'wait', reason: 'not-before' })
    const broken = { ...later, tag: 'SALE' }
    expect(await preview(notify(broken))).toMatchObject({ reason: 'tag-unknown' })
  })

  test('tells the same command from another one under its id', async () => {
    const { preview, record } = createMemoryPorts()
    await record([notify()])
    expect(await preview(notify({ requestedAt: 1 }))).toMatchObject({ decision: 'known' })
    const other = { decision: 'refuse', reason: 'command-id-reused' }
    expect(await preview(notify({ text: 'Something else.' }))).toMatchObject(other)
  })
})
