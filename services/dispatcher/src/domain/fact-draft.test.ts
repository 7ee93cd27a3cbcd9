import { describe, expect, test } from 'vitest'
import {
  attempted,
  command,
  failed,
  identity,
  inDoubt,
  NOW,
  PAGE,
  PERSON,
  scheduled,
  sent,
} from '../../test/support/command-facts.ts'
import { keyOf, nameFact, nameRejection } from './fact-draft.ts'

const occasion = { identity, nowMs: NOW, person: null }
const idOf = (draft: Parameters<typeof nameFact>[1]) => nameFact(command(), draft, occasion).eventId
const event = (type: string, parts: readonly string[]) => identity.event(type, PAGE, parts)

describe('the id of a fact', () => {
  test('follows from command and attempt, and from reason and due time where it is put off', () => {
    expect(idOf(attempted(2))).toBe(event('NotificationAttempted', ['c-1', '2']))
    expect(idOf(inDoubt(2))).toBe(event('NotificationInDoubt', ['c-1', '2']))
    const due = String(NOW + 60_000)
    const parts = ['c-1', '0', 'page-paused', due]
    expect(idOf(scheduled(0))).toBe(event('NotificationScheduled', parts))
  })

  test('is one for all final facts of a command, so that two different ones are noticed', () => {
    const final = event('Final', ['c-1'])
    expect([sent(1), sent(2), failed(0, null), failed(1, true)].map(idOf)).toEqual(
      Array.from({ length: 4 }, () => final),
    )
  })

  test('of a rejection names the command that was rejected', () => {
    const other = nameRejection(command({ digest: 'e'.repeat(64) }), occasion)
    expect(other.eventId).not.toBe(nameRejection(command(), occasion).eventId)
    expect(other.eventId).toBe(event('CommandRejected', ['c-1', '0', 'e'.repeat(64)]))
  })
})

describe('a fact', () => {
  test('repeats of the command what every reader needs', () => {
    expect(nameFact(command(), attempted(1), occasion)).toMatchObject({
      ...{ pageId: PAGE, commandId: 'c-1', commandDigest: 'd'.repeat(64), at: NOW, route: 'TOKEN' },
      ...{ topic: 'restock-1234', requestedBy: 'shop', correlationId: '1000:c-1' },
    })
  })

  test('that evidence settled names it as its cause, any other one its command', () => {
    const causeOf = (draft: Parameters<typeof nameFact>[1]) =>
      nameFact(command(), draft, occasion).causationId
    const settledBy = event('MessageEchoed', ['1'])
    const echoed = { ...sent(1), settledBy } as const
    expect(causeOf(echoed)).toBe(settledBy)
    // A person's word stands nowhere else on the log.
    const word = { certainty: 'OPERATOR', settledBy: 'ann', messageId: null } as const
    expect(causeOf({ type: 'NotificationSent', attempt: 1, ...word })).toBe('1000:c-1')
    expect([sent(1), attempted(1), inDoubt(1)].map(causeOf)).toEqual(
      Array.from({ length: 3 }, () => '1000:c-1'),
    )
  })

  test('of a rejection says whose command it was and why, and nothing of the other one', () => {
    const { eventId: _, ...told } = nameRejection(command({ digest: 'e'.repeat(64) }), occasion)
    expect(told).toEqual({
      ...{ type: 'CommandRejected', reason: 'command-id-reused', attempt: 0, at: NOW },
      ...{ pageId: PAGE, commandId: 'c-1', commandDigest: 'e'.repeat(64), person: PERSON },
      ...{ topic: 'restock-1234', route: 'TOKEN', requestedBy: 'shop', requestedAt: NOW },
      ...{ correlationId: '1000:c-1', causationId: '1000:c-1' },
    })
  })

  test('stands under the person, or under the command while nobody knows the person', () => {
    expect(keyOf(nameFact(command(), attempted(1), occasion))).toBe(PERSON)
    const unknown = command({ person: null })
    expect(keyOf(nameFact(unknown, failed(0, null), occasion))).toBe('c:c-1')
    const learned = { ...occasion, person: PERSON }
    expect(keyOf(nameFact(unknown, attempted(1), learned))).toBe(PERSON)
  })
})
