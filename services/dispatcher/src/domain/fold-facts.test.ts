import type { NotificationEvent } from '@otn/contracts'
import { describe, expect, test } from 'vitest'
import {
  after,
  attempted,
  command,
  document,
  failed,
  history,
  inDoubt,
  NOW,
  scheduled,
  sent,
  storedFact,
  T1,
  written,
} from '../../test/support/command-facts.ts'
import { saysNothingWentOut, stateOf } from './command.ts'
import {
  digestText,
  idOf,
  isCommandOf,
  isOwed,
  newDocument,
  tokenKept,
  withFacts,
} from './document.ts'
import type { FactDraft } from './fact-draft.ts'
import { foldFacts } from './fold-facts.ts'

const content = {
  record: 'NotificationEvent',
  eventId: 'e',
  owner: 'o',
  keyId: 'k1',
  sealed: Buffer.alloc(1),
}
const restated = () => ({ content, giveUpAt: NOW + 9 })
const fold = (known: Parameters<typeof foldFacts>[0], drafts: readonly FactDraft[]) =>
  foldFacts(known, { events: history(drafts), restated, settleMs: 1_000 })

describe('facts read back from the log', () => {
  test('make the document of a command that the store does not have', () => {
    const change = fold(null, [scheduled(0)])
    expect(change?.document).toMatchObject({ content, giveUpAt: NOW + 9, dueAt: NOW + 60_000 })
    expect(change).toMatchObject({ leaseMs: 0, beginsDoubt: false })
  })

  test('change nothing where the document knows them, be it in the middle of a call', () => {
    const drafts = [attempted(1)]
    const live = document({ command: after(...drafts), waits: 3 })
    expect(fold(live, drafts)).toBeNull()
    expect(fold(document({ command: after(attempted(1), sent(1)) }), drafts)).toBeNull()
  })

  test('leave an attempt without an answer unknown, and its echo time to come', () => {
    const change = fold(null, [attempted(1), inDoubt(1), attempted(2)])
    expect(change?.document.unknown).toEqual([1, 2])
    expect(change).toMatchObject({ leaseMs: 1_000, beginsDoubt: true })
    // A worker takes what bears its mark at once: that would cut the echo's time short.
    const marked = fold({ ...document(), worker: 'w' }, [attempted(1)])
    expect(marked?.document.worker).toBeNull()
  })

  test('end a command whose end a process told that is gone', () => {
    const change = fold(document({ command: after(attempted(1)), content }), [
      attempted(1),
      sent(1),
    ])
    expect(change?.document.command.final).toMatchObject({ type: 'NotificationSent' })
    expect(change?.document.content).toBe(content)
  })

  test('lead to the digest that the live document had, whatever it was sealed in', () => {
    const drafts = [scheduled(0), attempted(1), scheduled(1), attempted(2), sent(2)]
    const live = document({ command: after(...drafts), waits: 7, dueAt: 5 })
    const rebuilt = fold(null, drafts)
    expect(rebuilt && digestText(rebuilt.document)).toBe(digestText(live))
    const asked = document({ command: { ...live.command, requestedAt: 1 } })
    expect(digestText(asked)).toBe(digestText(live))
    expect(digestText(document({ command: command() }))).not.toBe(digestText(live))
  })

  describe('of another command under the id', () => {
    const reuse = { ...command(), digest: 'b'.repeat(64) }
    const told = [scheduled(0)]

    test('take the place of a reuse that told nothing, its cancel aside', () => {
      const cancel = { by: 'somebody' }
      const late = document({ command: reuse, content: { ...content, eventId: 'b' }, cancel })
      const change = fold(late, told)
      expect(change?.document.command).toEqual(fold(null, told)?.document.command)
      expect(change?.document).toMatchObject({ content, giveUpAt: NOW + 9, cancel })
    })

    test('also of one that decided to wait, of which the log was not told', () => {
      const waiting = { ...after(...told), digest: reuse.digest }
      const undecided = document({ command: waiting, facts: [storedFact('f')] })
      expect(fold(undecided, told)?.document).toMatchObject({ facts: [], content })
      expect(fold(document({ command: waiting }), told)).toBeNull()
    })

    test('leave alone what was cancelled before anybody knew more than its id', () => {
      const unheard = { ...command(), digest: '0'.repeat(64) }
      expect(fold(document({ command: unheard }), told)?.document.command.digest).toBe(
        unheard.digest,
      )
    })
  })

  test('make nothing where there are none', () => {
    expect(fold(null, [])).toBeNull()
  })

  test('bring the content where the document has none, and are not asked for it otherwise', () => {
    const bare = document({ content: null, giveUpAt: null })
    expect(fold(bare, [scheduled(0)])?.document).toMatchObject({ content, giveUpAt: NOW + 9 })
    const full = document({ content: { ...content, eventId: 'first' }, giveUpAt: NOW + 1 })
    const change = foldFacts(full, {
      ...{ events: history([scheduled(0)]), settleMs: 1_000 },
      restated: () => {
        throw new Error('opened without need')
      },
    })
    expect(change?.document).toMatchObject({ content: { eventId: 'first' }, giveUpAt: NOW + 1 })
  })

  test('say when an open command is due, and nothing of the sort of any other', () => {
    expect(fold(null, [scheduled(0), attempted(1)])?.document.dueAt).toBe(0)
    expect(fold(null, [scheduled(0), sent(1)])?.document.dueAt).toBe(0)
    const { dueAt: _, ...told } = history([scheduled(1)])[0] ?? {}
    const events = [{ ...told, dueAt: null }] as unknown as readonly NotificationEvent[]
    expect(foldFacts(null, { events, restated, settleMs: 1 })?.document.dueAt).toBe(0)
  })

  test('leave the mark of a worker where no attempt is without an answer', () => {
    const marked = fold({ ...document(), worker: 'w' }, [scheduled(0)])
    expect(marked?.document.worker).toBe('w')
  })

  test('do not begin a doubt again that had begun', () => {
    const known = document({ command: after(attempted(1), inDoubt(1)), unknown: [1] })
    const change = fold(known, [attempted(1), inDoubt(1), attempted(2)])
    expect(change).toMatchObject({ leaseMs: 1_000, beginsDoubt: false })
  })
})

describe('a document', () => {
  test('that is new owes its command, and nothing else is known of it', () => {
    expect(newDocument({ command: command(), content, giveUpAt: NOW })).toEqual({
      ...{ command: command(), content, giveUpAt: NOW, facts: [], unknown: [], dueAt: 0 },
      ...{
        isProbing: false,
        isContested: false,
        cancel: null,
        claimant: null,
        lettingGo: null,
        waits: 0,
      },
      ...{ worker: null, deaths: 0 },
    })
  })

  test('stands under page and command, for two pages may use one command id', () => {
    expect(idOf(document())).toBe('1000:c-1')
  })

  test('says in its digest what the command is, its last attempt and the token it keeps', () => {
    const told = JSON.parse(digestText(document({ command: after(attempted(1)) })))
    expect(told).toMatchObject({ state: 'attempting', attempt: 1, holds: T1 })
  })

  test('keeps the token that it let go, whatever is decided before that is told', () => {
    const under = document({ command: after(attempted(1)) })
    const released = withFacts(under, [written(under.command, scheduled(1))])
    expect(released.lettingGo).toBe(T1)
    const waits = withFacts(released, [written(released.command, scheduled(0))])
    expect(tokenKept(waits)).toBe(T1)
  })

  test('lets no token go that it still holds', () => {
    const under = document({ command: after(attempted(1)) })
    expect(withFacts(under, [written(under.command, inDoubt(1))]).lettingGo).toBeNull()
  })

  const doubted = after(attempted(1), inDoubt(1))
  const ended = after(attempted(1), sent(1))

  test.each([
    ['an open command', document(), true],
    ['an attempt under way', document({ command: after(attempted(1)) }), true],
    ['a doubt that is probed', document({ command: doubted, isProbing: true }), true],
    ['a doubt that stands', document({ command: doubted }), false],
    ['what has ended', document({ command: ended }), false],
    ['what ended while it was probed', document({ command: ended, isProbing: true }), false],
    ['an end that is untold', document({ command: ended, facts: [storedFact('f')] }), true],
  ])('owes something while there is anything left to do: %s', (_, known, is) => {
    expect(isOwed(known)).toBe(is)
  })
})

describe('the command of an id', () => {
  test('is told by its digest; of one that was cancelled unread, any is', () => {
    const digest = 'd'.repeat(64)
    expect(isCommandOf({ digest }, digest)).toBe(true)
    expect(isCommandOf({ digest }, 'e'.repeat(64))).toBe(false)
    expect(isCommandOf({ digest: '0'.repeat(64) }, digest)).toBe(true)
    expect(isCommandOf({ digest }, '0'.repeat(64))).toBe(false)
  })

  test.each([
    ['failed', after(attempted(1), failed(1, true)), true],
    ['cancelled', after({ type: 'NotificationCancelled', attempt: 0, reason: 'cancelled' }), true],
    ['to go again', after(attempted(1), scheduled(1)), true],
    ['sent', after(attempted(1), sent(1)), false],
    ['sent after all', after(attempted(1), scheduled(1), attempted(2), sent(2)), false],
    ['under way again', after(attempted(1), scheduled(1), attempted(2)), false],
    ['in doubt', after(attempted(1), inDoubt(1)), false],
    ['not begun', after(scheduled(0)), false],
  ])('says that nothing went out, or does not: %s', (_, of, says) => {
    expect(saysNothingWentOut(of)).toBe(says)
  })
})

describe('a failure decided in a store that did not hold all of the log', () => {
  const untold = withFacts(document({ command: after(attempted(2)) }), [
    written(command(), failed(2, true)),
  ])

  test('[S0-20] is dropped where the log knows of an attempt that may be out', () => {
    const folded = fold(untold, [attempted(1), attempted(2)])?.document
    expect(folded && stateOf(folded.command)).toBe('attempting')
    expect(folded).toMatchObject({ facts: [], unknown: [1, 2] })
  })

  test('[S0-20] is dropped where the log knows of a message', () => {
    const folded = fold(untold, [attempted(1), sent(1)])?.document
    expect(folded && stateOf(folded.command)).toBe('sent')
    expect(folded?.facts).toEqual([])
  })

  test('[S0-20] is dropped as well where it was a cancel', () => {
    const cancelled = withFacts(document({ command: after(attempted(2), scheduled(2)) }), [
      written(command(), { type: 'NotificationCancelled', attempt: 0, reason: 'cancelled' }),
    ])
    const folded = fold(cancelled, [attempted(1), attempted(2), scheduled(2)])?.document
    expect(folded && stateOf(folded.command)).toBe('in-doubt')
    expect(folded?.facts).toEqual([])
  })

  test('stands where the log knows of no attempt that may be out', () => {
    const told = [attempted(1), scheduled(1), attempted(2)]
    const folded = fold(untold, told)?.document
    expect(folded && stateOf(folded.command)).toBe('failed')
    expect(folded?.facts).toHaveLength(1)
  })

  test('stands once it was told, and so does what was sent', () => {
    const known = document({ ...untold, facts: [] })
    const folded = fold(known, [attempted(1)])?.document
    expect(folded?.command.final).toMatchObject({ type: 'NotificationFailed' })
    const proven = withFacts(document({ command: after(attempted(2)) }), [
      written(command(), sent(2)),
    ])
    const kept = fold(proven, [attempted(1)])?.document
    expect(kept?.facts).toHaveLength(1)
    expect(kept?.command.final).toMatchObject({ type: 'NotificationSent' })
  })

  test('stands where the log brings nothing new', () => {
    expect(fold(untold, [attempted(2)])).toBeNull()
  })
})
