import { describe, expect, test } from 'vitest'
import {
  after,
  attempted,
  command as commandOf,
  fact,
  failed,
  inDoubt,
  NOW,
  notify,
  scheduled,
  sent,
  stored,
  storedFact,
  T1,
} from '../../test/support/command-facts.ts'
import { evolve } from './command.ts'
import { condemn, isSuspect, nextStep, patience, type Situation } from './decide.ts'

const limits = { policy: 'probe', probesMax: 3, doubtMsMax: 3_600_000 } as const
const calm: Situation = {
  ...{ nowMs: NOW, standing: 'active', stop: null, quietUntil: null, halt: null, limits },
}
const open = stored()
const lapsed = stored({ command: after(attempted(1)) })
const unknown = stored({ ...lapsed, unknown: [1] })
const probing = stored({
  command: after(attempted(1), inDoubt(1), attempted(2), inDoubt(2)),
  unknown: [1],
  isProbing: true,
})
const ask = (pinned: string | null) => ({ kind: 'ask', pinned })
const fails = (reason: string) => ({
  kind: 'close',
  draft: { type: 'NotificationFailed', attempt: 0, reason, tokenReleased: null },
})

describe('the next step of an open command', () => {
  test('is to ask for tokens where nothing hinders it', () => {
    expect(nextStep(open, notify(), calm)).toEqual(ask(null))
  })

  test('is the refusal after giveUpAt, to the millisecond', () => {
    const command = notify({ giveUpAt: NOW })
    expect(nextStep(open, command, calm)).toEqual(ask(null))
    expect(nextStep(open, command, { ...calm, nowMs: NOW + 1 })).toMatchObject(fails('gave-up'))
  })

  test('is to wait for notBefore, to the millisecond, or to give up at once where it is too late', () => {
    const command = notify({ notBefore: NOW + 1 })
    const step = nextStep(open, command, calm)
    expect(step).toMatchObject({ kind: 'wait', dueAt: NOW + 1, draft: { reason: 'not-before' } })
    expect(nextStep(open, command, { ...calm, nowMs: NOW + 1 })).toEqual(ask(null))
    const never = notify({ notBefore: NOW + 2, giveUpAt: NOW + 1 })
    expect(nextStep(open, never, calm)).toMatchObject(fails('gave-up'))
    const once = notify({ notBefore: NOW + 1, giveUpAt: NOW + 1 })
    expect(nextStep(open, once, calm)).toMatchObject({ kind: 'wait', dueAt: NOW + 1 })
  })

  test('is to wait for the end of quiet hours, told once, a question as well', () => {
    const quiet = { ...calm, quietUntil: NOW + 1 }
    const draft = { reason: 'quiet-hours', dueAt: NOW + 1 }
    const question = { ...notify(), asks: true } as unknown as Parameters<typeof nextStep>[1]
    for (const content of [notify({ notBefore: NOW }), question]) {
      const step = nextStep(open, content, quiet)
      expect(step).toMatchObject({ kind: 'wait', dueAt: NOW + 1, delayMs: 0, draft })
    }
    const waits = [{ reason: 'quiet-hours', dueAt: NOW, at: NOW }]
    const told = stored({ command: { ...open.command, waits } })
    expect(nextStep(told, notify(), quiet)).toMatchObject({ dueAt: NOW + 1, draft: null })
  })

  test('is the refusal where quiet hours last beyond giveUpAt, to the millisecond', () => {
    const step = (giveUpAt: number) =>
      nextStep(open, notify({ giveUpAt }), { ...calm, quietUntil: NOW + 5 })
    expect(step(NOW + 4)).toMatchObject(fails('quiet-past-give-up'))
    expect(step(NOW + 5)).toMatchObject({ kind: 'wait', dueAt: NOW + 5 })
  })

  test.each([
    ['unknown', 'page-unknown'],
    ['disconnected', 'page-disconnected'],
    ['requester-not-allowed', 'requester-not-allowed'],
  ] as const)('is the refusal where the page is %s', (standing, reason) => {
    expect(nextStep(open, notify(), { ...calm, standing })).toMatchObject(fails(reason))
  })

  test.each(['page-paused', 'page-blocked', 'page-capability-missing'] as const)(
    'is to wait, told once, while the page is %s',
    (standing) => {
      const situation = { ...calm, standing }
      const step = nextStep(open, notify(), situation)
      expect(step).toMatchObject({ kind: 'wait', draft: { reason: standing, attempt: 0 } })
      const waits = [{ reason: standing, dueAt: NOW, at: NOW }]
      const told = stored({ command: { ...open.command, waits } })
      expect(nextStep(told, notify(), situation)).toMatchObject({ kind: 'wait', draft: null })
    },
  )

  test('is to wait while the lane stands still, whatever stopped it', () => {
    const step = nextStep(open, notify(), { ...calm, stop: 'page-auth-lost' })
    const draft = { type: 'NotificationScheduled', attempt: 0, reason: 'page-auth-lost' }
    const told = { ...draft, dueAt: NOW + 60_000, tokenReleased: null }
    // The lane lets it go the moment that it moves again; nobody knows when.
    expect(step).toEqual({ kind: 'wait', delayMs: 1_000, dueAt: 0, draft: told })
  })

  test('is no refusal while page events are not read far enough', () => {
    const step = nextStep(open, notify(), { ...calm, standing: 'behind' })
    expect(step).toMatchObject({ kind: 'wait', draft: null, delayMs: 100 })
    const long = nextStep(stored({ waits: 60 }), notify(), { ...calm, standing: 'behind' })
    expect(long).toMatchObject({ kind: 'wait', draft: { reason: 'pages-behind' } })
  })

  test('is told anew where the reason is another one', () => {
    const waits = [{ reason: 'page-paused', dueAt: NOW, at: NOW }]
    const told = stored({ command: { ...open.command, waits } })
    const step = nextStep(told, notify(), { ...calm, standing: 'page-blocked' })
    expect(step).toMatchObject({ draft: { reason: 'page-blocked' } })
  })

  test('is to wait while its content is not known again', () => {
    const step = nextStep(open, null, { ...calm, standing: 'unknown' })
    expect(step).toMatchObject({ kind: 'wait', draft: null })
  })
})

describe('the next step of a command that was cancelled beside a call', () => {
  const by = { type: 'NotificationCancelled', attempt: 0, reason: 'cancelled' }

  test('is its end, as soon as it is known that nothing went out, whatever else holds it up', () => {
    const named = { ...open, cancel: { by: 'shop' } }
    const draft = { ...by, settledBy: 'shop' }
    expect(nextStep(named, notify(), calm)).toEqual({ kind: 'close', draft })
    const unnamed = { ...open, cancel: { by: null } }
    const held = { ...calm, standing: 'page-paused' as const }
    expect(nextStep(unnamed, null, held)).toEqual({ kind: 'close', draft: by })
  })

  test('is the doubt where it may have gone out: no further call', () => {
    const step = nextStep({ ...unknown, cancel: { by: null } }, notify(), calm)
    expect(step).toMatchObject({ draft: { type: 'NotificationInDoubt', reason: 'doubt-stands' } })
    const stood = nextStep({ ...probing, cancel: { by: null } }, notify(), calm)
    expect(stood).toEqual({ kind: 'stop-probing' })
  })
})

describe('the next step after an attempt of unknown outcome', () => {
  test('is to count it as unknown once its lease has lapsed', () => {
    expect(nextStep(lapsed, notify(), calm)).toEqual({ kind: 'settle', attempt: 1 })
  })

  test('is to ask for that very token, for a probe', () => {
    expect(nextStep(unknown, notify(), calm)).toEqual(ask(T1))
    expect(nextStep(probing, notify(), calm)).toEqual(ask(T1))
  })

  test.each([
    ['the deployment holds', { limits: { ...limits, policy: 'hold' as const } }, {}],
    ['the probes are used up', { limits: { ...limits, probesMax: 0 } }, {}],
    ['its hour is over', {}, { doubtMs: 3_600_000 }],
  ])('is the doubt, where %s', (_, situation, values) => {
    const document = { ...unknown, ...values }
    const step = nextStep(document, notify(), { ...calm, ...situation })
    const draft = { type: 'NotificationInDoubt', attempt: 1, tokenId: T1, reason: 'doubt-stands' }
    expect(step).toEqual({ kind: 'close', draft })
  })

  test('is the doubt where no token makes a repeat harmless', () => {
    const asked = after(attempted(1, null))
    const step = nextStep({ ...unknown, command: asked }, notify(), calm)
    expect(step).toMatchObject({ draft: { type: 'NotificationInDoubt', tokenId: null } })
  })

  test('is the doubt after giveUpAt: never failed, for it may have gone out', () => {
    const step = nextStep(unknown, notify({ giveUpAt: NOW - 1 }), calm)
    expect(step).toMatchObject({ draft: { type: 'NotificationInDoubt' } })
    expect(nextStep(unknown, notify({ giveUpAt: NOW }), calm)).toEqual(ask(T1))
  })

  test('is to leave the verdict that is on the log, where no probe is left', () => {
    const over = { ...calm, limits: { ...limits, probesMax: 0 } }
    expect(nextStep(probing, notify(), over)).toEqual({ kind: 'stop-probing' })
  })

  test('counts a probe that is known not to have gone out like any other', () => {
    const command = after(...[1, 2, 3, 4].flatMap((k) => [attempted(k), inDoubt(k)]))
    const used = stored({ command, unknown: [1] })
    const step = nextStep({ ...used, isProbing: true }, notify(), calm)
    expect(step).toEqual({ kind: 'stop-probing' })
  })

  test('counts no attempt before the first that may have sent', () => {
    const command = after(attempted(1), scheduled(1), attempted(2), inDoubt(2))
    const once = { ...calm, limits: { ...limits, probesMax: 1 } }
    const known = stored({ command, unknown: [2], isProbing: true })
    expect(nextStep(known, notify(), once)).toEqual(ask(T1))
    const used = [...[attempted(1), scheduled(1), attempted(2), inDoubt(2)], attempted(3)]
    const second = stored({ command: after(...used, scheduled(3)), unknown: [2], isProbing: true })
    expect(nextStep(second, notify(), once)).toEqual({ kind: 'stop-probing' })
  })

  test.each([
    ['the page is paused', { standing: 'page-paused' as const }],
    ['who asks may not', { standing: 'requester-not-allowed' as const }],
    ['the lane stands still', { stop: 'rate-limited' as const }],
    ['it is quiet', { quietUntil: NOW + 1 }],
  ])('is to wait within its hour, where %s', (_, situation) => {
    const step = nextStep(unknown, notify(), { ...calm, ...situation })
    expect(step).toMatchObject({ kind: 'wait', draft: null })
  })

  test('is to wait for the command itself after a rebuild', () => {
    expect(nextStep(unknown, null, calm)).toMatchObject({ kind: 'wait' })
  })
})

const cancelled = evolve(commandOf(), {
  ...fact(commandOf(), failed(0, null)),
  type: 'NotificationCancelled',
})

describe('what has ended', () => {
  test.each([
    ['sent', after(attempted(1), sent(1))],
    ['failed', after(failed(0, null))],
    ['cancelled', cancelled],
    ['in doubt for good', after(attempted(1), inDoubt(1))],
  ])('needs nothing more: %s', (_, command) => {
    expect(nextStep(stored({ command }), notify(), calm)).toEqual({ kind: 'rest' })
  })
})

describe('patience', () => {
  test('grows from 100 ms to 10 s and is told on the log when it is as long as it gets', () => {
    const told = { reason: 'ledger-behind', nowMs: NOW } as const
    const delays = [0, 1, 5, 7, 60].map((waits) => patience(stored({ waits }), told))
    expect(delays.map(({ delayMs }) => delayMs)).toEqual([100, 200, 3_200, 10_000, 10_000])
    expect(delays.map(({ draft }) => draft?.reason ?? null)).toEqual([
      ...[null, null, null],
      ...['ledger-behind', 'ledger-behind'],
    ])
    const command = after(scheduled(0))
    const paused = { reason: 'page-paused', nowMs: NOW } as const
    expect(patience(stored({ command, waits: 9 }), paused).draft).toBeNull()
  })

  test('tells until when it waits', () => {
    const step = patience(stored({ waits: 60 }), { reason: 'ledger-behind', nowMs: NOW })
    const draft = { type: 'NotificationScheduled', attempt: 0, reason: 'ledger-behind' }
    const told = { ...draft, dueAt: NOW + 10_000, tokenReleased: null }
    expect(step).toEqual({ kind: 'wait', delayMs: 10_000, dueAt: 0, draft: told })
  })

  test('with an attempt whose outcome is not known is told to nobody, however long', () => {
    const told = { reason: 'ledger-behind', nowMs: NOW } as const
    expect(patience({ ...unknown, waits: 60 }, told).draft).toBeNull()
  })
})

describe('a command that ends whoever works on it', () => {
  test.each([
    [0, null, false],
    [0, 'self', false],
    [0, 'other', true],
    [1, null, true],
    [1, 'self', true],
  ])(
    'is suspect once a process died of it, or beside it: %i deaths, mark of %s',
    (deaths, worker, is) => {
      expect(isSuspect(stored({ deaths, worker }), 'self')).toBe(is)
    },
  )

  test('is tried twice more, and failed after the third death', () => {
    expect(condemn(stored({ deaths: 3 }))).toBeNull()
    expect(condemn(stored({ deaths: 4 }))).toEqual(fails('crashed-repeatedly'))
    expect(condemn(stored({ deaths: 5 }))).toEqual(fails('crashed-repeatedly'))
  })

  test('is in doubt where an attempt may have sent, and keeps its token', () => {
    expect(condemn({ ...unknown, deaths: 4 })).toMatchObject({
      kind: 'close',
      draft: {
        ...{ type: 'NotificationInDoubt', attempt: 1, tokenId: T1 },
        reason: 'crashed-repeatedly',
      },
    })
    expect(condemn({ ...probing, deaths: 4 })).toEqual({ kind: 'stop-probing' })
  })

  test('is not ended while a fact about it is still to be told', () => {
    expect(condemn(stored({ deaths: 4, facts: [storedFact('f')] }))).toBeNull()
  })
})
