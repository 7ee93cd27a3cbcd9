import { describe, expect, test } from 'vitest'
import { stateOf } from '../test/support/audit-of.ts'
import { type Change, command, Story, token } from '../test/support/story.ts'
import type { AuditRecord } from './audit-record.ts'
import {
  attemptsOf,
  type CommandFacts,
  endingsOf,
  finalOf,
  isInDoubt,
  newCommand,
  settle,
} from './command-facts.ts'

const [c1, t1] = [command(1), token(1)]
const other = command(1, { text: 'Another text.' })
const called = () => new Story().notify(c1).attempted(c1, t1)

function known(records: readonly AuditRecord[]): CommandFacts {
  const facts = stateOf(records).commands.get('1000:c-1')
  if (!facts) throw new Error('no command')
  return facts
}
const after = (story: Story) => known(story.records())

describe('what is known of a command', () => {
  const twice = called().notify(other).notify(c1).attempted(c1, t1).sent(c1, t1).sent(c1, t1)

  test('is each wish once and each fact once, by their first records, in whichever order', () => {
    const records = twice.records()
    for (const read of [records, records.toReversed()]) {
      const { asked, facts } = known(read)
      const places = (of: readonly { readonly place: { readonly offset: bigint } }[]) =>
        of.map(({ place }) => place.offset).toSorted()
      expect(places(asked)).toEqual([0n, 1n])
      expect(places(facts)).toEqual([0n, 2n])
    }
  })

  test('is two facts where they differ in their message, or in their id', () => {
    const kinds = (change: Change) =>
      after(called().sent(c1, t1).sent(c1, t1, 1, change)).facts.filter(
        ({ kind }) => kind === 'sent',
      )
    expect(kinds({})).toHaveLength(1)
    expect(kinds({ messageId: 'm_other' })).toHaveLength(2)
    expect(kinds({ eventId: 'other' })).toHaveLength(2)
    expect(kinds({ topic: 'other' })).toHaveLength(2)
  })

  test('is its attempts in the order of their numbers, and what closed each', () => {
    const story = called().attempted(c1, t1, 3).attempted(c1, t1, 2).inDoubt(c1, t1, 2)
    const command = after(story.notSent(c1, t1, 3))
    expect(attemptsOf(command).map(({ attempt }) => attempt)).toEqual([1, 2, 3])
    const endings = [1, 2, 3].map((n) => endingsOf(command, n).map(({ kind }) => kind))
    expect(endings).toEqual([[], ['in-doubt'], ['scheduled']])
  })

  test('is a doubt until it has ended', () => {
    expect(isInDoubt(after(called()))).toBe(false)
    expect(isInDoubt(after(called().inDoubt(c1, t1)))).toBe(true)
    expect(isInDoubt(after(called().inDoubt(c1, t1).sent(c1, t1)))).toBe(false)
  })
})

describe('a command that is kept in short', () => {
  const story = () => called().inDoubt(c1, t1).attempted(c1, t1, 2).sent(c1, t1, 2)

  test('has of each attempt the kinds of its facts, and of its end what it takes to compare', () => {
    const whole = after(story())
    const { settled, facts, asked } = settle(whole)
    expect([facts, asked]).toEqual([[], []])
    expect(settled?.attempts).toEqual([
      ['attempted', 'in-doubt'],
      ['attempted', 'sent'],
    ])
    expect(settled?.digest).toBe(c1.digest)
    expect(settled?.final).toMatchObject({ kind: 'sent', attempt: 2, messageId: 'm_c-1' })
    expect(finalOf(settle(whole))?.place).toEqual(finalOf(whole)?.place)
  })

  test('has what was rejected: another copy of it may come', () => {
    const whole = after(story().notify(other).fact('CommandRejected', other))
    expect(settle(whole).facts.map(({ kind }) => kind)).toEqual(['rejected'])
  })

  test('is the very same where it is in short already, and where it has not ended', () => {
    const short = settle(after(story()))
    expect(settle(short)).toBe(short)
    const open = after(called())
    expect(settle(open)).toBe(open)
    const unknown = newCommand('1000:c-1', '1000')
    expect(settle(unknown)).toBe(unknown)
  })
})
