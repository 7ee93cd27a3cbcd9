/**
 * A write arrives late, in a store that was emptied and made anew meanwhile: chance alone seldom
 * makes that.
 */
import { ANSWERS } from './answers.ts'
import { CALM } from './climate.ts'
import { PAGES } from './platform.ts'
import { single, withRival } from './scenes.ts'
import type { Cue } from './script.ts'
import type { Workload } from './workload.ts'
import { START_MS, type WorldOptions } from './world.ts'

/**
 * A rebuild outwaits every call that is under way: only who stood still with a claim brings it
 * late, into claims that were made anew meanwhile.
 */
export function* lateToClaims(count: number): Generator<WorldOptions> {
  const { workload } = withRival({ workload: single, cues: [], judges: null })
  const climate = { ...CALM, fair: 0.3, echo: 0 }
  for (let seed = 1; seed <= count; seed += 1) {
    const cues: readonly Cue[] = [
      { by: 'dispatcher', call: 'store.write claim', nth: 1, fault: 'freeze-before' },
      { by: 'dispatcher', call: 'store.due', nth: 8 + 2 * (seed % 2), fault: 'emptied' },
    ]
    yield { seed, cues, climate, workload, chaosSteps: 400 }
  }
}

/** Three taps of one person, each later than the one before: an older state is seen to be older. */
const taps: Workload = {
  ...single,
  tokens: [1, 2, 3].map((index) => ({
    raw: `4400${index}`,
    page: PAGES[0],
    psid: '2001',
    topic: 'restock',
    grantedAt: START_MS - 10_000 + index,
  })),
  dispatchers: 1,
}

export function* lateToReadModel(count: number): Generator<WorldOptions> {
  const climate = { ...CALM, emptied: 0.1, slow: 0.05 }
  const cues = [late({ by: 'ledger', call: 'ledger.save persons', nth: 2 })]
  for (let seed = 1; seed <= count; seed += 1) yield { seed, cues, climate, workload: taps }
}

/**
 * A release is decided and not told yet, another command spends the token, and then the store is
 * lost: the log alone must not make anybody believe that the first one sent.
 */
export function* releasedUntold(count: number): Generator<WorldOptions> {
  const [answer] = ANSWERS.filter(({ name }) => name === '429 page')
  const { workload } = withRival({ workload: single, cues: [], judges: null })
  const cues: readonly Cue[] = [
    { by: 'dispatcher', call: 'log.append NotificationScheduled', nth: 1, fault: 'freeze-before' },
    { by: 'dispatcher', call: 'store.write told', nth: 1, fault: 'emptied' },
  ]
  const common = { climate: { ...CALM, echo: 0 }, chaosSteps: 400, answers: answer ? [answer] : [] }
  for (let seed = 1; seed <= count; seed += 1) {
    yield { seed, cues, workload: { ...workload, tellsUsed: true }, ...common }
  }
}

/**
 * Two stores, one number: who claimed the first attempt stands still before its intent is told, the
 * store is emptied and made anew, and another process claims a first attempt there. What the first
 * one then decides is about a call that it never made.
 */
export function sameAttemptTwice(count: number): Generator<WorldOptions> {
  return twoStores(count, (seed) => [
    { call: 'log.append NotificationAttempted', nth: 1, fault: 'freeze-before' },
    { call: 'store.due', nth: 6 + 2 * (seed % 4), fault: 'emptied' },
  ])
}

/**
 * The same where it was decided, but not told yet, that the first attempt sent nothing: told late,
 * it would give away the token of the attempt that has the same number in the next store.
 */
export function lateRelease(count: number): Generator<WorldOptions> {
  return twoStores(count, (seed) => [
    { call: 'log.append NotificationAttempted', nth: 1, fault: 'refused' },
    { call: 'store.write wait', nth: 7, fault: 'freeze-after' },
    { call: 'store.due', nth: 4 + (seed % 8), fault: 'emptied' },
  ])
}

/**
 * Who is about to record the reuse of an id stands still, the store is emptied, and the record
 * arrives while it is made anew, before the first command of that id is back from the log.
 */
export function* reuseRecordedLate(count: number): Generator<WorldOptions> {
  const [command] = single.commands
  if (command === undefined) return
  const first = { ...command, notBefore: START_MS + 240_000 }
  const commands = [first, { ...first, text: 'something else' }]
  for (let seed = 1; seed <= count; seed += 1) {
    const cues: readonly Cue[] = [
      { by: 'dispatcher', call: 'store.record', nth: 2, fault: 'freeze-before' },
      { by: 'dispatcher', call: 'store.due', nth: 2 + (seed % 4), fault: 'emptied' },
    ]
    const workload = { ...single, commands, dispatchers: 2 }
    yield { seed, cues, workload, climate: CALM, chaosSteps: 120 + (seed % 100) }
  }
}

/** Two processes, no echo, and the answer to the first call is lost. */
function* twoStores(
  count: number,
  cuesOf: (seed: number) => readonly Omit<Cue, 'by'>[],
): Generator<WorldOptions> {
  const lost = { call: 'graph.send', nth: 1, fault: 'lost' } as const
  for (let seed = 1; seed <= count; seed += 1) {
    const cues = [...cuesOf(seed), lost].map((cue) => ({ by: 'dispatcher' as const, ...cue }))
    const policy = seed % 3 ? single.policy : 'hold'
    const workload = { ...single, dispatchers: 2, policy, isSingleUse: policy === 'probe' } as const
    yield { seed, cues, workload, climate: { ...CALM, echo: 0 }, chaosSteps: 600 }
  }
}

function late(at: Omit<Cue, 'fault'>): Cue {
  return { ...at, fault: 'late' }
}
