import { assertNever, MINUTE_MS } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import {
  after,
  attempted,
  command,
  inDoubt,
  MID,
  NOW,
  scheduled,
  T1,
} from '../../test/support/command-facts.ts'
import {
  type CallOutcome,
  decideOutcome,
  NO_ANSWER,
  notCalled,
  repeatOf,
} from './decide-outcome.ts'
import type { FactDraft } from './fact-draft.ts'

const pause = { scope: 'page', waitMs: 5_000, untilPageEvent: false } as const
const outcomes: readonly CallOutcome[] = [
  { ...NO_ANSWER, kind: 'sent', messageId: MID },
  { ...NO_ANSWER, kind: 'not-sent', reason: 'rate-limited', pause },
  { ...NO_ANSWER, kind: 'refused', reason: 'recipient-unavailable', tokenIsDead: false },
  { ...NO_ANSWER, kind: 'refused', reason: 'token-expired', tokenIsDead: true },
  { ...NO_ANSWER, kind: 'token-used' },
  { ...NO_ANSWER, kind: 'unknown', mayProbe: true },
  { ...NO_ANSWER, kind: 'unknown', mayProbe: false },
  { ...NO_ANSWER, kind: 'unlisted' },
  notCalled('log-unavailable'),
  notCalled('token-withdrawn'),
]
const first = after(attempted(1))
const pinned = after(attempted(1), inDoubt(1), attempted(2))

const judge = (outcome: CallOutcome, isPinned: boolean) =>
  decideOutcome({
    ...(isPinned ? { command: pinned, attempt: 2 } : { command: first, attempt: 1 }),
    ...{ tokenId: T1, outcome, dueAt: NOW + 5_000 },
  })

/** What must come of each outcome, written a second time: type, reason, what becomes of the token. */
function expected(outcome: CallOutcome, isPinned: boolean): readonly unknown[] {
  switch (outcome.kind) {
    case 'sent':
      return ['NotificationSent', 'CONFIRMED']
    case 'not-sent':
      return isPinned
        ? ['NotificationInDoubt', 'outcome-unknown', 'probed again']
        : ['NotificationScheduled', outcome.reason, true]
    case 'refused':
      return isPinned
        ? ['NotificationInDoubt', 'doubt-stands']
        : ['NotificationFailed', outcome.reason, !outcome.tokenIsDead]
    case 'token-used':
      return isPinned
        ? ['NotificationSent', 'INFERRED']
        : ['NotificationFailed', 'token-spent', false]
    case 'unknown':
      return outcome.mayProbe ? ['settle'] : ['NotificationInDoubt', 'outcome-unknown']
    case 'unlisted':
      return ['NotificationInDoubt', 'graph-unlisted']
    default:
      return assertNever(outcome)
  }
}

function told(outcome: CallOutcome, isPinned: boolean): readonly unknown[] {
  const verdict = judge(outcome, isPinned)
  if (verdict.kind === 'settle') return ['settle']
  const { kind, draft, isProbing } = verdict
  expect(kind).toBe('fact')
  const probing = isProbing ? ['probed again'] : []
  switch (draft.type) {
    case 'NotificationSent':
      return [draft.type, draft.certainty, ...probing]
    case 'NotificationScheduled':
    case 'NotificationFailed':
      return [draft.type, draft.reason, draft.tokenReleased, ...probing]
    case 'NotificationInDoubt':
      return [draft.type, draft.reason, ...probing]
    case 'NotificationAttempted':
    case 'NotificationCancelled':
      return [draft.type]
    default:
      return assertNever(draft)
  }
}

describe('what an outcome means for its command', () => {
  const table = outcomes.flatMap((outcome) =>
    [false, true].map(
      (isPinned) =>
        [
          `${outcome.kind} ${'reason' in outcome ? outcome.reason : ''}`.trim(),
          isPinned ? 'after an unknown attempt' : 'of the first attempt',
          { outcome, isPinned },
        ] as const,
    ),
  )

  test.each(table)('%s, %s', (_kind, _when, { outcome, isPinned }) => {
    expect(told(outcome, isPinned)).toEqual(expected(outcome, isPinned))
  })

  test('[U4] failed is said only where no attempt may have sent', () => {
    const verdicts = outcomes.map((outcome) => judge(outcome, true))
    const types = verdicts.map((verdict) => (verdict.kind === 'fact' ? verdict.draft.type : null))
    expect(types).not.toContain('NotificationFailed')
    expect(types).not.toContain('NotificationScheduled')
  })

  test('the platform’s own words go along: code, trace and the row that judged it', () => {
    const answer = { ...NO_ANSWER, graphCode: 551, fbtraceId: 'A1', rule: 'row', rulesVersion: '1' }
    const verdict = judge({ ...answer, kind: 'unlisted' }, false)
    expect(verdict).toMatchObject({ draft: { graphCode: 551, fbtraceId: 'A1', rule: 'row' } })
  })

  test('that the token is used proves nothing where each earlier attempt is known not to have sent', () => {
    const verdict = decideOutcome({
      ...{ command: after(attempted(1), scheduled(1), attempted(2)), attempt: 2, tokenId: T1 },
      ...{ outcome: { ...NO_ANSWER, kind: 'token-used' }, dueAt: NOW },
    })
    expect(verdict).toMatchObject({ draft: { type: 'NotificationFailed', reason: 'token-spent' } })
  })

  test('no outcome but evidence says sent', () => {
    const sent = outcomes.filter((outcome) => {
      const verdict = judge(outcome, false)
      return verdict.kind === 'fact' && verdict.draft.type === 'NotificationSent'
    })
    expect(sent.map(({ kind }) => kind)).toEqual(['sent'])
  })
})

test('a late answer that an attempt sent closes the later attempt that is still open', () => {
  const late = { ...NO_ANSWER, kind: 'sent', messageId: MID } as const
  const verdict = decideOutcome({
    command: pinned,
    attempt: 1,
    tokenId: T1,
    outcome: late,
    dueAt: NOW,
  })
  expect(verdict).toMatchObject({ draft: { type: 'NotificationSent', attempt: 2, tokenId: T1 } })
})

describe('an attempt that was claimed and not called', () => {
  const draftOf = (outcome: CallOutcome) => {
    const verdict = judge(outcome, false)
    return verdict.kind === 'fact' ? verdict.draft : null
  }

  test('ends its command where the token was withdrawn meanwhile, and frees it for nobody', () => {
    expect(draftOf(notCalled('token-withdrawn'))).toMatchObject({
      ...{ type: 'NotificationFailed', reason: 'token-withdrawn', tokenReleased: false },
      ...{ graphCode: null, graphSubcode: null, fbtraceId: null, detail: null, rule: null },
      rulesVersion: null,
    })
  })

  test('ends its command where a person may not be asked any more, and no token is let go', () => {
    const verdict = decideOutcome({
      ...{ command: after(attempted(1, null)), attempt: 1, tokenId: null, dueAt: NOW },
      outcome: notCalled('window-closed'),
    })
    expect(verdict).toMatchObject({
      draft: { type: 'NotificationFailed', reason: 'window-closed', tokenReleased: null },
    })
    const byToken = draftOf(notCalled('window-closed'))
    expect(byToken).toMatchObject({ reason: 'window-closed', tokenReleased: true })
  })

  test('by AUTO goes again where the platform calls the window closed: a token may do it', () => {
    const auto = { ...after(attempted(1, null)), route: 'AUTO' as const }
    const outcome = notCalled('window-closed')
    const call = { command: auto, attempt: 1, tokenId: null, outcome, dueAt: NOW + 5 }
    const draftFor = (values: Partial<typeof call>) => {
      const verdict = decideOutcome({ ...call, ...values })
      return verdict.kind === 'fact' ? verdict.draft : null
    }
    const again = { type: 'NotificationScheduled', reason: 'window-closed', tokenReleased: null }
    expect(draftFor({})).toMatchObject({ ...again, attempt: 1, dueAt: NOW + 5 })
    const failure = { type: 'NotificationFailed' }
    expect(draftFor({ command: { ...auto, route: 'WINDOW' as never } })).toMatchObject(failure)
    expect(draftFor({ outcome: notCalled('token-withdrawn') })).toMatchObject(failure)
    const byToken = { command: { ...after(attempted(1)), route: 'AUTO' as const }, tokenId: T1 }
    expect(draftFor(byToken as never)).toMatchObject(failure)
  })

  test('goes again where the log took nothing, and frees its token until then', () => {
    const outcome = notCalled('log-unavailable')
    expect(draftOf(outcome)).toMatchObject({
      ...{ type: 'NotificationScheduled', reason: 'log-unavailable', tokenReleased: true },
      dueAt: NOW + 5_000,
    })
    // Who cannot write may call nobody: no page is any better than another.
    const wait = { scope: 'app', waitMs: null, untilPageEvent: false }
    expect(outcome).toMatchObject({ kind: 'not-sent', pause: wait })
  })
})

test('a command that goes again does so when the platform said, else it is looked at in a second', () => {
  const again = (waitMs: number | null): CallOutcome => ({
    ...{ ...NO_ANSWER, kind: 'not-sent', reason: 'rate-limited' },
    pause: { ...pause, waitMs },
  })
  const soon = { restMs: 1_000, dueInMs: 0 }
  const repeat = (outcome: CallOutcome) => repeatOf(outcome, command())
  expect(repeat(again(5_000))).toEqual({ restMs: 0, dueInMs: 5_000 })
  expect(repeat(again(null))).toEqual(soon)
  // A pause that may end before its time keeps no command until then.
  for (const reason of ['page-auth-lost', 'not-reached', 'no-answers'] as const) {
    expect(repeat({ ...again(5_000), reason } as CallOutcome)).toEqual(soon)
  }
  expect(repeat({ ...again(null), pause: null } as CallOutcome)).toEqual(soon)
  const others = outcomes.filter(({ kind }) => kind !== 'not-sent')
  for (const outcome of others) expect(repeat(outcome)).toEqual({ restMs: 0, dueInMs: 0 })
})

test('a command whose thread another app owns is looked at ever later, by the business clock [S1-08]', () => {
  const owned: CallOutcome = {
    ...{ ...NO_ANSWER, kind: 'not-sent', reason: 'thread-owned-elsewhere', pause: null },
  }
  const refusedBefore = (times: number) => {
    const attempts = Array.from({ length: times }, (_, index) => index + 1)
    const reason = 'thread-owned-elsewhere'
    return after(
      ...attempts.flatMap((n) => [attempted(n), { ...scheduled(n), reason } as FactDraft]),
    )
  }
  const waits = [0, 1, 2, 9, 40].map((times) => repeatOf(owned, refusedBefore(times)))
  expect(waits.map(({ restMs }) => restMs)).toEqual([0, 0, 0, 0, 0])
  expect(waits.map(({ dueInMs }) => dueInMs / MINUTE_MS)).toEqual([1, 2, 4, 60, 60])
})
