import { personId } from '@otn/kernel'
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
  T2,
} from '../../test/support/command-facts.ts'
import { decideEvidence } from './decide-evidence.ts'

const eventId = identity.event('MessageEchoed', PAGE, ['1'])
const echo = { attempt: 1, person: PERSON, messageId: MID, eventId }

describe('the echo of a message', () => {
  test.each([
    ['under way', after(attempted(1))],
    ['in doubt', after(attempted(1), inDoubt(1))],
    ['believed not sent', after(attempted(1), scheduled(1))],
  ])('settles a command that is %s, with its own token', (_, command) => {
    expect(decideEvidence(command, echo)).toEqual({
      kind: 'settles',
      draft: {
        ...{ type: 'NotificationSent', attempt: 1, tokenId: T1, certainty: 'ECHOED' },
        ...{ messageId: MID, settledBy: eventId },
      },
    })
  })

  test('settles a command whose person nobody knew yet', () => {
    const command = { ...after(attempted(1)), person: null }
    expect(decideEvidence(command, echo).kind).toBe('settles')
  })

  test('names the token that its own attempt went out with, be there others since', () => {
    const command = after(attempted(1), scheduled(1), attempted(2, T2), scheduled(2, T2))
    const tokenOf = (attempt: number) => {
      const verdict = decideEvidence(command, { ...echo, attempt })
      return verdict.kind === 'settles' ? [verdict.draft.attempt, verdict.draft.tokenId] : null
    }
    expect([tokenOf(1), tokenOf(2)]).toEqual([
      [1, T1],
      [2, T2],
    ])
  })

  test('is no less true of an attempt that the log does not tell of', () => {
    const verdict = decideEvidence(after(), echo)
    expect(verdict).toMatchObject({ kind: 'settles', draft: { attempt: 1, tokenId: null } })
  })

  test('of an earlier attempt closes that one where a later one is closed already', () => {
    const command = after(attempted(1), inDoubt(1), attempted(2), scheduled(2))
    expect(decideEvidence(command, echo)).toMatchObject({ draft: { attempt: 1 } })
  })

  test('closes the probe that is under way, so that each attempt is closed once', () => {
    const command = after(attempted(1), inDoubt(1), attempted(2))
    expect(decideEvidence(command, echo)).toMatchObject({ draft: { attempt: 2 } })
  })

  test('adds nothing to what is known to be sent, and nothing about another person', () => {
    expect(decideEvidence(after(attempted(1), sent(1)), echo).kind).toBe('known')
    const other = { ...echo, person: personId('somebody-else') }
    expect(decideEvidence(after(attempted(1)), other).kind).toBe('known')
  })

  test('of a command that was called failed is told apart: somebody must look', () => {
    expect(decideEvidence(after(attempted(1), failed(1, true)), echo).kind).toBe('contradicts')
  })
})
