import { describe, expect, test } from 'vitest'
import {
  after,
  attempted,
  failed,
  identity,
  inDoubt,
  MID,
  PAGE,
  PERSON,
  scheduled,
  sent,
  T1,
} from '../../test/support/command-facts.ts'
import { type Command, holdsOf, stateOf } from './command.ts'
import { decideEvidence } from './decide-evidence.ts'
import { decideSettlement, type Settlement } from './decide-settlement.ts'

const said = { messageId: null, settledBy: 'ada', detail: 'seen in the inbox' }
const isSent: Settlement = { ...said, outcome: 'sent', messageId: MID }
const isNotSent: Settlement = { ...said, outcome: 'not-sent' }

const doubted = after(attempted(1), inDoubt(1))
const twice = after(attempted(1), inDoubt(1), attempted(2), inDoubt(2))

function settled(command: Command, settlement: Settlement) {
  const verdict = decideSettlement(command, settlement)
  if (verdict.kind !== 'settles') throw new Error(verdict.kind)
  return verdict.draft
}

describe('a person who found out about a doubt', () => {
  test('that it was sent, ends it as sent, signed, its token spent', () => {
    const draft = settled(twice, isSent)
    expect(draft).toEqual({
      ...{ type: 'NotificationSent', attempt: 2, tokenId: T1, messageId: MID },
      ...{ certainty: 'OPERATOR', settledBy: 'ada', detail: 'seen in the inbox' },
    })
    const ended = after(attempted(1), inDoubt(1), draft)
    expect([stateOf(ended), holdsOf(ended)]).toEqual(['sent', T1])
  })

  test('that it was not sent, ends it as failed, signed, its token free', () => {
    const draft = settled(twice, isNotSent)
    expect(draft).toMatchObject({
      ...{ type: 'NotificationFailed', attempt: 2, tokenId: T1, tokenReleased: true },
      ...{ certainty: 'OPERATOR', settledBy: 'ada', reason: 'operator-settled' },
    })
    const ended = after(attempted(1), inDoubt(1), attempted(2), inDoubt(2), draft)
    expect([stateOf(ended), holdsOf(ended)]).toEqual(['failed', null])
  })

  test('of a message without a token, lets none go', () => {
    const asked = after(attempted(1, null), inDoubt(1, null))
    expect(settled(asked, isNotSent)).toMatchObject({ tokenId: null, tokenReleased: null })
  })

  test('and says so again, adds nothing; who says otherwise is refused', () => {
    const spent = after(attempted(1), inDoubt(1), settled(doubted, isSent))
    const freed = after(attempted(1), inDoubt(1), settled(doubted, isNotSent))
    const other = { ...isSent, settledBy: 'bob', messageId: null }
    expect(decideSettlement(spent, other)).toEqual({ kind: 'repeats' })
    expect(decideSettlement(freed, isNotSent)).toEqual({ kind: 'repeats' })
    expect(decideSettlement(spent, isNotSent)).toEqual({ kind: 'refused', state: 'sent' })
    expect(decideSettlement(freed, isSent)).toEqual({ kind: 'refused', state: 'failed' })
  })

  test.each([
    ['open', after()],
    ['attempting', after(attempted(1))],
    ['attempting', after(attempted(1), inDoubt(1), attempted(2))],
    ['open', after(attempted(1), scheduled(1))],
    ['sent', after(attempted(1), sent(1))],
    ['failed', after(attempted(1), failed(1, true))],
  ] as const)('closes a doubt and nothing else: %s %#', (state, command) => {
    expect(decideSettlement(command, isSent)).toEqual({ kind: 'refused', state })
    expect(decideSettlement(command, isNotSent)).toEqual({ kind: 'refused', state })
  })

  test('is contradicted by a later echo where nothing had gone out, and confirmed else', () => {
    const eventId = identity.event('MessageEchoed', PAGE, ['1'])
    const echo = { attempt: 1, person: PERSON, messageId: MID, eventId }
    const freed = after(attempted(1), inDoubt(1), settled(doubted, isNotSent))
    const spent = after(attempted(1), inDoubt(1), settled(doubted, isSent))
    expect(decideEvidence(freed, echo).kind).toBe('contradicts')
    expect(decideEvidence(spent, echo).kind).toBe('known')
  })
})
