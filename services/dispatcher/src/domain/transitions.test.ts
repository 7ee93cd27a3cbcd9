import { describe, expect, test } from 'vitest'
import {
  after,
  attempted,
  document,
  failed,
  inDoubt,
  NOW,
  scheduled,
  sent,
  stored,
  storedFact,
  T1,
  T2,
  written,
} from '../../test/support/command-facts.ts'
import { holdsOf, stateOf } from './command.ts'
import { type CommandDocument, tokenKept, withFacts } from './document.ts'
import type { FactDraft } from './fact-draft.ts'
import { ifSame } from './if-same.ts'
import * as transitions from './transitions.ts'

const open = document()
const under = document({ command: after(attempted(1)) })
const unknown = document({ ...under, unknown: [1] })
const doubted = document({ command: after(attempted(1), inDoubt(1)) })
const probing = document({ ...doubted, isProbing: true })
const ended = document({ command: after(attempted(1), sent(1)) })
const waiting = document({ command: after(attempted(1), scheduled(1)) })

const claim = (known: CommandDocument, attempt: number, tokenId = T1) =>
  transitions.claim(known, {
    ...{ attempt, tokenId, worker: 'w', leaseMs: 60_000 },
    written: [written(known.command, attempted(attempt, tokenId))],
  })

describe('right before a call without a token', () => {
  const mine = document({ ...under, worker: 'w' })
  test.each([
    ['by the worker of the attempt', mine, 1, true],
    ['by another worker', document({ ...under, worker: 'v' }), 1, false],
    ['of an attempt that counts as unknown', document({ ...mine, unknown: [1] }), 1, false],
    ['of another attempt', mine, 2, false],
    ['of what has ended', document({ ...ended, worker: 'w' }), 1, false],
    ['of what is in doubt', document({ ...doubted, worker: 'w' }), 1, false],
  ])('the attempt is shown to be ours %s', (_, known, attempt, isOurs) => {
    const shown = transitions.confirm(known, { attempt, worker: 'w' })
    expect(shown).toEqual(isOurs ? { document: known, leaseMs: null } : null)
  })
})

describe('a claim', () => {
  test.each([
    ['of an open command', open, 1, T1, true],
    ['of one known not sent', waiting, 2, T2, true],
    ['of one under way', under, 2, T1, false],
    ['of an unknown one, with its token', unknown, 2, T1, true],
    ['of an unknown one, with another token', unknown, 2, T2, false],
    ['of a doubt that is probed, with its token', probing, 2, T1, true],
    ['of a doubt that is probed, with another token', probing, 2, T2, false],
    ['of a doubt that stands', doubted, 2, T1, false],
    [
      'of a doubt that stands after a lost answer',
      document({ ...doubted, unknown: [1] }),
      2,
      T1,
      false,
    ],
    ['of what has ended', ended, 2, T1, false],
    [
      'of what has ended while it was probed',
      document({ ...ended, isProbing: true }),
      2,
      T1,
      false,
    ],
    [
      'of one under way that was probed before',
      document({ ...under, isProbing: true }),
      2,
      T1,
      false,
    ],
    ['of an attempt that was made', waiting, 1, T1, false],
    ['that skips an attempt', open, 2, T1, false],
    ['while something is untold', document({ facts: [storedFact('f')] }), 1, T1, false],
  ] as const)('%s: %#', (_, known, attempt, tokenId, isTaken) => {
    expect(claim(known, attempt, tokenId) !== null).toBe(isTaken)
  })

  test('holds its token and says on the log what it means to do', () => {
    const change = claim(open, 1)
    expect(change && holdsOf(change.document.command)).toBe(T1)
    expect(change?.document.facts).toHaveLength(1)
    expect(change?.leaseMs).toBe(60_000)
  })

  test('begins anew: its worker is named, no wait counts, no probe is left open', () => {
    const change = claim(document({ ...probing, waits: 5, dueAt: NOW }), 2)
    expect(change?.document).toMatchObject({ worker: 'w', waits: 0, dueAt: 0, isProbing: false })
  })
})

type Conclusion = Parameters<typeof transitions.conclude>[1]

const conclude = (
  known: CommandDocument,
  draft: FactDraft | null,
  values: Partial<Conclusion> = {},
) =>
  transitions.conclude(
    { ...known, claimant: 'w' },
    {
      attempt: 1,
      verdict: draft ? { kind: 'fact', draft, isProbing: false } : { kind: 'settle' },
      written: draft ? [written(known.command, draft)] : [],
      ...{ told: [], alarms: [], settleMs: 120_000, retryMs: 0, dueAt: 0, worker: 'w' },
      ...values,
    },
  )

describe('the outcome of an attempt', () => {
  test('is taken while that attempt is under way, also after its lease', () => {
    for (const known of [under, unknown]) {
      const change = conclude(known, failed(1, true))
      expect(change && stateOf(change.document.command)).toBe('failed')
    }
  })

  test.each([
    [
      'a later attempt is under way',
      document({ command: after(attempted(1), inDoubt(1), attempted(2)) }),
    ],
    ['the command has ended', ended],
    ['the command is open again', waiting],
    ['the doubt stands', doubted],
  ])('that refuses is discarded where %s', (_, known) => {
    expect(conclude(known, failed(1, true))).toBeNull()
  })

  test('is its caller’s to decide: in a store made anew the same number is somebody else’s', () => {
    const others = { worker: 'v' }
    expect(conclude(under, failed(1, true), others)).toBeNull()
    expect(conclude(under, null, others)).toBeNull()
    const proven = conclude(under, sent(1), others)
    expect(proven && stateOf(proven.document.command)).toBe('sent')
  })

  test('that proves a message is taken whatever was thought meanwhile, final facts excepted', () => {
    for (const known of [unknown, doubted, probing, waiting]) {
      const change = conclude(known, sent(1))
      expect(change && stateOf(change.document.command)).toBe('sent')
    }
    expect(conclude(ended, sent(1))).toBeNull()
  })

  test('that nobody heard joins the unknown ones and leaves the echo its time', () => {
    const change = conclude(under, null)
    expect(change).toMatchObject({ leaseMs: 120_000, beginsDoubt: true })
    expect(change?.document.unknown).toEqual([1])
    expect(change && holdsOf(change.document.command)).toBe(T1)
  })

  test('that nobody heard adds nothing where the attempt is closed already', () => {
    for (const known of [ended, waiting, doubted]) expect(conclude(known, null)).toBeNull()
    expect(conclude(unknown, null)).toBeNull()
  })

  test('of a second attempt that nobody heard does not begin the doubt again', () => {
    const second = document({
      command: after(attempted(1), inDoubt(1), attempted(2)),
      unknown: [1],
    })
    const change = conclude(second, null, { attempt: 2 })
    expect(change).toMatchObject({ beginsDoubt: false, document: { unknown: [1, 2] } })
  })

  test('is left to its teller for ten seconds, and as long as it has to wait', () => {
    expect(conclude(under, failed(1, true), { retryMs: 9_999 })?.leaseMs).toBe(10_000)
    const told = conclude(under, scheduled(1), { retryMs: 60_000, dueAt: 7 })
    expect(told).toMatchObject({ leaseMs: 60_000, document: { dueAt: 7 } })
  })

  test('leaves nobody at work, and says whether it may be probed', () => {
    const draft = inDoubt(1)
    const known = document({ ...under, worker: 'w', deaths: 1 })
    const change = (isProbing: boolean) =>
      conclude(known, draft, { verdict: { kind: 'fact', draft, isProbing } })?.document
    expect(change(true)).toMatchObject({ worker: null, deaths: 0, isProbing: true })
    expect(change(false)).toMatchObject({ worker: null, deaths: 0, isProbing: false })
  })

  test('is not followed by what its worker had told before the call', () => {
    const intent = written(under.command, attempted(1)).stored
    const known = document({ ...under, facts: [intent] })
    const change = conclude(known, sent(1), { told: [intent.eventId] })
    expect(change?.document.facts.map(({ eventId }) => eventId)).toEqual([
      written(under.command, sent(1)).stored.eventId,
    ])
  })

  test('is told after what was not told yet', () => {
    const intent = written(under.command, attempted(1)).stored
    const known = document({ ...under, facts: [intent] })
    const change = conclude(known, sent(1))
    expect(change?.document.facts.map(({ eventId }) => eventId)).toEqual([
      intent.eventId,
      written(under.command, sent(1)).stored.eventId,
    ])
  })
})

describe('a lease that lapsed in a call', () => {
  const lapsed = (known: CommandDocument, attempt: number) =>
    transitions.markUnknown(known, { attempt, settleMs: 120_000 })

  test('makes the attempt unknown, and leaves the echo its time', () => {
    const change = lapsed(document({ ...under, worker: 'w', deaths: 1 }), 1)
    expect(change).toMatchObject({ leaseMs: 120_000, beginsDoubt: true })
    expect(change?.document).toMatchObject({ unknown: [1], worker: null, deaths: 1 })
  })

  test('says nothing of another attempt, or of one that is not under way', () => {
    expect(lapsed(under, 2)).toBeNull()
    for (const known of [ended, waiting, doubted]) expect(lapsed(known, 1)).toBeNull()
    expect(lapsed(open, 0)).toBeNull()
  })
})

describe('a verdict without a call', () => {
  const close = (known: CommandDocument, draft: FactDraft, attempt = 0) =>
    transitions.close(known, { attempt, written: [written(known.command, draft)] })

  test('fails an open command, and none that may have sent', () => {
    expect(close(open, failed(0, null))).not.toBeNull()
    for (const known of [under, unknown, probing, ended]) {
      expect(close(known, failed(0, null), 1)).toBeNull()
    }
  })

  test('calls an unknown attempt in doubt, and keeps its token', () => {
    const change = close(unknown, inDoubt(1), 1)
    expect(change && stateOf(change.document.command)).toBe('in-doubt')
    expect(change && holdsOf(change.document.command)).toBe(T1)
  })

  test('is about the attempt that it was decided for, and comes after what is untold', () => {
    expect(close(unknown, inDoubt(1), 2)).toBeNull()
    expect(close(document({ ...unknown, facts: [storedFact('f')] }), inDoubt(1), 1)).toBeNull()
  })

  test('fails no attempt that may have sent, be the failure one of several facts', () => {
    const facts = [inDoubt(1), failed(0, null)].map((draft) => written(unknown.command, draft))
    expect(transitions.close(unknown, { attempt: 1, written: facts })).toBeNull()
  })

  test('leaves nobody at work, and its facts to their teller for ten seconds', () => {
    const change = close(document({ worker: 'w', deaths: 2 }), failed(0, null))
    expect(change).toMatchObject({ leaseMs: 10_000, document: { worker: null, deaths: 0 } })
  })
})

describe('positive evidence', () => {
  test('ends the probing, and its facts are left to their teller for ten seconds', () => {
    const change = transitions.settle(probing, [written(probing.command, sent(1))])
    expect(change).toMatchObject({ leaseMs: 10_000, document: { isProbing: false } })
    expect(change && stateOf(change.document.command)).toBe('sent')
  })
})

describe('the mark of who works on a command', () => {
  test('is left before the work, and its lease stays as it is', () => {
    const change = transitions.begin(open, 'w')
    expect(change).toEqual({ document: { ...open, worker: 'w' }, leaseMs: null })
  })

  test('of another process tells the next one that it died, and is counted once', () => {
    const died = document({ worker: 'v', deaths: 1 })
    const change = transitions.begin(died, 'w')
    expect(change?.document).toMatchObject({ worker: 'w', deaths: 2 })
    expect(change && transitions.begin(change.document, 'w')).toBeNull()
  })

  test('is taken away by the process that left it, and by no other', () => {
    const marked = document({ worker: 'w', deaths: 1 })
    const change = transitions.leave(marked, 'w')
    expect(change).toEqual({ document: { ...marked, worker: null }, leaseMs: null })
    expect(transitions.leave(marked, 'v')).toBeNull()
    expect(transitions.leave(open, 'w')).toBeNull()
  })
})

describe('a wait', () => {
  const step = { kind: 'wait', delayMs: 400, dueAt: NOW + 1, draft: null } as const
  const wait = (known: CommandDocument, attempt: number, drafts: readonly FactDraft[] = []) =>
    transitions.wait(known, {
      ...{ step, attempt },
      written: drafts.map((draft) => written(known.command, draft)),
    })

  test('leaves the command alone as long as it says, with nobody at work', () => {
    const known = document({ waits: 3, worker: 'w', deaths: 1 })
    const change = wait(known, 0)
    expect(change?.leaseMs).toBe(400)
    expect(change?.document).toEqual({ ...document(), waits: 4, dueAt: NOW + 1 })
  })

  test('that is told on the log is left to its teller for ten seconds', () => {
    const change = wait(open, 0, [scheduled(0)])
    expect(change?.leaseMs).toBe(10_000)
    expect(change?.document.facts).toHaveLength(1)
  })

  test('is none once the command has ended, or another attempt was made', () => {
    expect(wait(ended, 1)).toBeNull()
    expect(wait(under, 0)).toBeNull()
    expect(wait(unknown, 1)).not.toBeNull()
  })
})

describe('the end of probing', () => {
  test('leaves the verdict on the log, and nothing to do', () => {
    const change = transitions.stopProbing(document({ ...probing, worker: 'w', deaths: 1 }))
    expect(change).toEqual({ document: { ...doubted, isProbing: false }, leaseMs: 0 })
  })

  test('changes nothing where nothing is probed', () => {
    for (const known of [open, doubted, document({ ...ended, isProbing: true })]) {
      expect(transitions.stopProbing(known)).toBeNull()
    }
  })
})

describe('the word of a person', () => {
  const settle = (known: CommandDocument) =>
    transitions.settleByHand(known, [written(known.command, failed(1, true))])

  test('closes a doubt, lets its token go and ends its probes', () => {
    for (const known of [doubted, probing]) {
      const change = settle({ ...known, worker: 'w', deaths: 1 })
      expect(change && stateOf(change.document.command)).toBe('failed')
      expect(change && holdsOf(change.document.command)).toBeNull()
      expect(change?.document).toMatchObject({ isProbing: false, worker: null, deaths: 0 })
      expect(change?.document.facts).toHaveLength(1)
    }
  })

  test('closes nothing else', () => {
    for (const known of [open, under, unknown, ended, waiting]) expect(settle(known)).toBeNull()
  })
})

describe('facts that were told', () => {
  test('let the token of the attempt that they close go at last, and not before', () => {
    const facts = [scheduled(1), failed(1, true)].map((draft) => written(under.command, draft))
    for (const fact of facts) {
      const released = withFacts(under, [fact])
      expect([holdsOf(released.command), tokenKept(released)]).toEqual([null, T1])
      const change = transitions.told(released, { facts: [fact.stored], leaseMs: 0 })
      expect(change && tokenKept(change.document)).toBeNull()
    }
  })

  test('let no token go while another fact is still to be told', () => {
    const released = withFacts(under, [written(under.command, scheduled(1))])
    const later = withFacts(released, [written(released.command, scheduled(0))])
    const change = transitions.told(later, { facts: later.facts.slice(1), leaseMs: 0 })
    expect(change && tokenKept(change.document)).toBe(T1)
  })

  test('leave the document, and no others', () => {
    const facts = ['a', 'b', 'c'].map(storedFact)
    const known = document({ facts })
    const change = transitions.told(known, {
      facts: [storedFact('a'), storedFact('c')],
      leaseMs: 0,
    })
    expect(change?.document.facts).toEqual([facts[1]])
    expect(transitions.told(known, { facts: [storedFact('x')], leaseMs: 0 })).toBeNull()
  })

  test('leave another final fact of the same id to be told', () => {
    const facts = [{ ...storedFact('final'), value: Buffer.from('sent') }]
    const failure = { ...storedFact('final'), value: Buffer.from('failed') }
    const twin = { ...storedFact('other'), value: Buffer.from('sent') }
    expect(transitions.told(document({ facts }), { facts: [twin], leaseMs: 0 })).toBeNull()
    expect(transitions.told(document({ facts }), { facts: [failure], leaseMs: 0 })).toBeNull()
  })
})

describe('what was decided about a document', () => {
  test('changes nothing once somebody else changed it', () => {
    const known = stored()
    const change = { document: known, leaseMs: 0 }
    expect(ifSame(known, () => change)(known)).toBe(change)
    expect(ifSame(known, () => change)({ ...known, revision: 2 })).toBeNull()
    expect(ifSame(known, () => change)(null)).toBeNull()
  })
})
