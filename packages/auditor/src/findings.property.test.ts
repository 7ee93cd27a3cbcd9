import { HOUR_MS, MINUTE_MS } from '@otn/kernel'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { codesOf, collapsedStateOf, endOf, stateOf } from '../test/support/audit-of.ts'
import { shuffled, withRepeats } from '../test/support/disorder.ts'
import { castOf, LIFE_NAMES, lived } from '../test/support/lives.ts'
import { plantedBugs, withBug } from '../test/support/planted-bugs.ts'
import { type Entry, START_MS, Story } from '../test/support/story.ts'
import { countCommands, findings } from './findings.ts'
import { defaultLimits } from './limits.ts'

const chances = fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), {
  minLength: 1,
  maxLength: 30,
})

/** Several people, each with a life of their own; they begin at different times. */
const lawful = fc
  .array(
    fc.record({
      lives: fc.array(fc.constantFrom(...LIFE_NAMES), { minLength: 1, maxLength: 3 }),
      delayMs: fc.integer({ min: 0, max: HOUR_MS }),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((people) => [
    ...new Story(START_MS - MINUTE_MS).page().entries,
    ...people.flatMap(
      ({ lives, delayMs }, n) => lived(castOf(n), lives, START_MS + delayMs).entries,
    ),
  ])

const judged = (records: ReturnType<typeof shuffled>) => ({
  whole: findings(stateOf(records), endOf(records), defaultLimits),
  short: findings(collapsedStateOf(records), endOf(records), defaultLimits),
})

describe('a log that keeps every promise', () => {
  test('gives no finding, however often records are repeated and partitions are mixed', () => {
    fc.assert(
      fc.property(lawful, chances, chances, (entries, repeats, order) => {
        const { whole, short } = judged(shuffled(withRepeats(entries, repeats), order))
        expect(whole).toEqual([])
        expect(short).toEqual([])
      }),
      { numRuns: 200 },
    )
  })

  test('is kept in short once its commands have ended', () => {
    fc.assert(
      fc.property(lawful, chances, (entries, order) => {
        const state = collapsedStateOf(shuffled(entries, order))
        const { total, settled } = countCommands(state)
        const facts = [...state.commands.values()].flatMap((command) => command.facts)
        expect(facts.filter(({ kind }) => kind !== 'rejected')).toEqual([])
        expect(settled).toBe(total)
      }),
      { numRuns: 200 },
    )
  })
})

describe('a planted bug', () => {
  test.each(Object.keys(plantedBugs))('[U20] is found: %s', (name) => {
    const { entries, finds } = withBug(name)
    fc.assert(
      fc.property(lawful, chances, chances, (others, repeats, order) => {
        const log: readonly Entry[] = [...others, ...entries]
        const { whole, short } = judged(shuffled(withRepeats(log, repeats), order))
        expect(whole.map(({ code }) => code)).toContain(finds)
        // What had ended before the bug is known in short only, and is told so.
        expect(short.length).toBeGreaterThan(0)
      }),
      { numRuns: 20 },
    )
  })

  test.each(Object.keys(plantedBugs))('is not found where it is not: %s', (name) => {
    const { life } = plantedBugs[name] ?? { life: 'sent' as const }
    const entries = [...new Story().page().entries, ...lived(castOf(90), [life], START_MS).entries]
    expect(codesOf(shuffled(entries, [0]))).toEqual([])
  })
})

test('the findings do not depend on the order in which partitions are read', () => {
  const bugs = fc.constantFrom(...Object.keys(plantedBugs))
  fc.assert(
    fc.property(bugs, lawful, chances, chances, (name, others, one, two) => {
      const log = [...others, ...withBug(name).entries]
      const [a, b] = [one, two].map((order) => judged(shuffled(log, order)).whole)
      expect(a).toEqual(b)
    }),
    { numRuns: 150 },
  )
})
