import { requestRules } from '@otn/policy'
import { describe, expect, test } from 'vitest'
import { ASKING, NOW, request } from '../../test/support/command-facts.ts'
import { judgeAll, judgePage, judgeWords } from './judge-request.ts'

const settings = ASKING
const sound = { ...request(), asks: true } as const
const world = {
  ...{ nowMs: NOW, windowOpenUntil: NOW + 1, holdsLiveToken: false, tokenFault: null },
  ...{ openSince: null, sameTitleAt: null, askedPerson: 0, askedPage: 0 },
}

describe('a request is judged', () => {
  test('by its words as soon as it is read, with the rule that speaks and its version', () => {
    const { refusal, advice, verdicts } = judgeWords({ ...sound, title: '' }, settings)
    expect(refusal).toMatchObject({ reason: 'title-empty' })
    const ruling = refusal?.ruling
    const verdict = verdicts.find(({ rule }) => rule === ruling?.rule)
    expect(verdict?.kind).toBe('refuse')
    expect(ruling?.detail).toMatch(/\w/)
    expect(ruling?.rulesVersion).toMatch(/\w/)
    expect(advice).toBeNull()
    expect(verdicts).toHaveLength(requestRules.rules.length)
  })

  test('by nothing that was not asked yet', () => {
    expect(judgeWords(sound, settings).refusal).toBeNull()
    expect(judgePage(sound, { standing: 'behind', settings }).refusal).toBeNull()
  })

  test.each([
    ['unknown', 'page-unknown'],
    ['disconnected', 'page-disconnected'],
    ['active', null],
    ['page-paused', null],
    ['behind', null],
  ] as const)('by a page that is %s', (standing, reason) => {
    expect(judgePage(sound, { standing, settings }).refusal?.reason ?? null).toBe(reason)
  })

  test('by everything once all is known, and advised where that is permitted', () => {
    expect(judgeAll(sound, { settings, world })).toMatchObject({ refusal: null, advice: null })
    const closed = judgeAll(sound, { settings, world: { ...world, windowOpenUntil: NOW } })
    expect(closed.refusal?.reason).toBe('window-closed')
    const { psid: _, ...others } = sound
    const paying = { ...others, tokenId: 'a'.repeat(32) } as never
    const chained = judgeAll(paying, { settings, world })
    expect(chained.refusal).toBeNull()
    expect(chained.advice?.detail).toMatch(/\w\. \w/)
    expect(chained.advice?.rule).toMatch(/\w/)
  })
})
