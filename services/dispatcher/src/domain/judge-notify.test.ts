import { notifyRules } from '@otn/policy'
import { describe, expect, test } from 'vitest'
import { NOTIFYING, NOW, notify } from '../../test/support/command-facts.ts'
import {
  judgeNotifyAll,
  judgeNotifyPage,
  judgeNotifyWords,
  type PageToJudge,
} from './judge-notify.ts'

const settings = NOTIFYING
const tagged = notify({ route: 'TAG', tag: 'HUMAN_AGENT' })
const page = (standing: PageToJudge['standing'], isWarned = false) => ({
  ...{ settings, nowMs: NOW },
  page: { standing, isWarned },
})
const verdictsOf = (...args: Parameters<typeof judgeNotifyPage>) =>
  judgeNotifyPage(...args).verdicts.map(({ rule, kind }) => `${rule} ${kind}`)

describe('a notification is judged', () => {
  test('by its words as soon as it is read, by every rule, with the one that speaks', () => {
    const { refusal, verdicts } = judgeNotifyWords(notify({ text: ' ' }), settings)
    expect(refusal).toMatchObject({ reason: 'text-empty' })
    expect(verdicts).toHaveLength(notifyRules.rules.length)
    expect(judgeNotifyWords(notify(), settings).refusal).toBeNull()
  })

  test('by the standing of its page: a tag is for one that is not blocked', () => {
    expect(judgeNotifyPage(tagged, page('page-blocked')).refusal).not.toBeNull()
    const blocked = verdictsOf(tagged, page('page-blocked'))
    const good = verdictsOf(tagged, page('active'))
    const warned = verdictsOf(tagged, page('active', true))
    expect(new Set([blocked, good, warned].map((one) => one.join())).size).toBe(3)
  })

  test.each(['behind', 'unknown', 'disconnected', 'requester-not-allowed'] as const)(
    'by no standing where the page is %s: other words speak then',
    (standing) => {
      const unasked = verdictsOf(tagged, page(standing))
      expect(unasked).toEqual(verdictsOf(tagged, page('behind')))
      expect(unasked).not.toEqual(verdictsOf(tagged, page('active')))
      expect(verdictsOf(tagged, page(standing, true))).toEqual(unasked)
    },
  )

  test('by everything once the ledger was asked', () => {
    const world = { windowOpenUntil: NOW + 1, route: 'WINDOW', tokenFault: null } as const
    const inWindow = notify({ route: 'WINDOW' })
    const open = judgeNotifyAll(inWindow, { ...page('active'), world })
    expect(open.refusal).toBeNull()
    const late = { ...world, windowOpenUntil: NOW }
    const closed = judgeNotifyAll(inWindow, { ...page('active'), world: late })
    expect(closed.refusal).toMatchObject({ reason: 'window-closed' })
  })
})
