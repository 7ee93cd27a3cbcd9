import { describe, expect, test } from 'vitest'

import { type Knowledge, reconcile, type TruthOfToken } from './reconcile.ts'

const free: TruthOfToken = { state: 'ISSUED', deliveries: 0, calls: 0 }
const spent: TruthOfToken = { state: 'SPENT', deliveries: 1, calls: 1 }
const refused: TruthOfToken = { ...free, calls: 1 }
const expired: TruthOfToken = { ...free, state: 'EXPIRED' }

function knows(state: string | null, command: Partial<Knowledge['command']> = null): Knowledge {
  const blank = { state: 'open', certainty: null, lastEnding: null }
  return {
    token: state === null ? null : { state },
    command: command === null ? null : { ...blank, ...command },
  }
}

const unanswered = { state: 'attempting', lastEnding: 'unanswered' }
const doubtful = { state: 'in-doubt', lastEnding: 'in-doubt' }

describe('truth beside knowledge', () => {
  test.each([
    ['a tap that the ledger has not folded', free, knows(null), 'behind'],
    ['a token nobody used', free, knows('live'), 'agree'],
    ['a call that is about to be made', free, knows('reserved', unanswered), 'behind'],
    ['a call that Meta refused', refused, knows('live', { lastEnding: 'refused' }), 'agree'],
    ['an answer on its way through the log', spent, knows('reserved', { state: 'sent' }), 'behind'],
    ['a message that both know of', spent, knows('redeemed', { state: 'sent' }), 'agree'],
    ['a year that is over', expired, knows('expired'), 'agree'],
    ['the last day, which only Meta allows', free, knows('expired'), 'careful'],
    ['a person who wants no message', free, knows('withdrawn'), 'careful'],
    ['a token called spent that is not', free, knows('redeemed'), 'broken'],
    ['a token called dead that delivered', spent, knows('rejected'), 'broken'],
    ['two messages by one token', { ...spent, deliveries: 2 }, knows('redeemed'), 'broken'],
  ])('%s', (_case, truth, knowledge, kind) => {
    expect(reconcile(truth, knowledge).kind).toBe(kind)
  })

  test('without an answer the same is said of a message that is out and of one that is not', () => {
    for (const known of [unanswered, doubtful]) {
      const out = reconcile(spent, knows('reserved', known))
      const notOut = reconcile(refused, knows('reserved', known))
      expect([out.kind, notOut.kind]).toEqual(['doubt', 'doubt'])
      expect(out.text).toContain('looks exactly like the opposite case')
      expect(notOut.text).toContain('looks exactly like the opposite case')
    }
  })

  test('a doubt that ended names what ended it', () => {
    const by = (certainty: string) => reconcile(spent, knows('redeemed', { certainty })).text
    expect(by('CONFIRMED')).toContain('answered the call')
    expect(by('ECHOED')).toContain('echo webhook')
    expect(by('INFERRED')).toContain('refused it as used')
  })
})
