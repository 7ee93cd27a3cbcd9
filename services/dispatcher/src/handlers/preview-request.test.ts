import { DAY_MS } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { NOW, request, T1 } from '../../test/support/command-facts.ts'
import { createMemoryPorts, offsets, proposed } from '../../test/support/memory-ports.ts'

describe('a dry run of a question', () => {
  test('gives the verdict of every rule with its sentence, and asks nobody [U19, S1-18]', async () => {
    const { previewRequest, state, store } = createMemoryPorts()
    state.windowOpenUntil = NOW + DAY_MS
    const preview = await previewRequest(request())
    expect(preview).toMatchObject({ decision: 'spend', reason: null, tokenId: null })
    expect(preview.verdicts.length).toBeGreaterThan(15)
    expect(new Set(preview.verdicts.map(({ kind }) => kind))).toEqual(new Set(['pass']))
    expect(preview.verdicts[0]?.source.sentence).toMatch(/\w/)
    expect([state.log, state.calls, store.all()]).toEqual([[], [], []])
  })

  test('is refused by the first rule, and told of all others that refuse [U19]', async () => {
    const { previewRequest, state } = createMemoryPorts()
    state.tokens = [proposed()]
    const { decision, reason, verdicts } = await previewRequest(request())
    expect([decision, reason]).toEqual(['refuse', 'window-closed'])
    const refused = verdicts.filter(({ kind }) => kind === 'refuse').map(({ reason: why }) => why)
    expect(refused).toEqual(['window-closed', 'token-live'])
  })

  test('by words alone asks neither page nor ledger for more', async () => {
    const { previewRequest, state } = createMemoryPorts()
    state.ledgerFails = new Error('nobody is to be asked')
    const { decision, reason, verdicts } = await previewRequest(request({ title: '' }))
    expect([decision, reason]).toEqual(['refuse', 'title-empty'])
    expect(verdicts.find(({ rule }) => rule === 'request-window-open')?.kind).toBe('unasked')
  })

  test('agrees with what becomes of the command [U19]', async () => {
    const { previewRequest, ask, state } = createMemoryPorts()
    state.windowOpenUntil = NOW + DAY_MS
    await ask(request())
    expect((await previewRequest(request())).decision).toBe('known')
    const other = request({ title: 'Other words?' })
    expect(await previewRequest(other)).toMatchObject({ reason: 'command-id-reused' })
    const again = request({ commandId: 'r-2' as ReturnType<typeof request>['commandId'] })
    expect((await previewRequest(again)).reason).toBe('request-open')
    await ask(again)
    expect(state.log.at(-1)?.reason).toBe('request-open')
  })

  test('names the token that would pay, with the advice against it [S1-27, U22]', async () => {
    const { previewRequest, state } = createMemoryPorts()
    state.tokens = [proposed()]
    const preview = await previewRequest(request({ psid: null, tokenId: T1 }))
    expect(preview).toMatchObject({ decision: 'spend', tokenId: T1, candidates: 1 })
    expect(preview.verdicts.at(-1)).toMatchObject({ kind: 'flag', reason: 'chain-consent' })
  })

  test('is never refused by a ledger that is behind: nobody is sure', async () => {
    const { previewRequest, state } = createMemoryPorts()
    state.needs = offsets(5n)
    expect(await previewRequest(request())).toMatchObject({
      ...{ decision: 'unsure', reason: 'ledger-behind' },
    })
  })
})
