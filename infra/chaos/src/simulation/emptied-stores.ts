/**
 * A write arrives late, in a store that was emptied and made anew meanwhile: chance alone seldom
 * makes that.
 */
import { commandId, pageId, pageScopedUserId } from '@otn/kernel'
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
  tokens: [1, 2, 3].map((index) => ({
    raw: `4400${index}`,
    page: PAGES[0],
    psid: '2001',
    topic: 'restock',
    grantedAt: START_MS - 10_000 + index,
  })),
  commands: [
    {
      commandId: commandId('c1'),
      pageId: pageId(PAGES[0]),
      psid: pageScopedUserId('2001'),
      topic: 'restock',
      text: 'It is back.',
    },
  ],
  ...{
    requests: [],
    writers: [],
    stolen: [],
    poison: 0,
    policy: 'probe',
    isSingleUse: true,
    tellsUsed: false,
  },
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

function late(at: Omit<Cue, 'fault'>): Cue {
  return { ...at, fault: 'late' }
}
