import { describe, expect, test } from 'vitest'
import { collapsedStateOf, endOf, stateOf } from '../test/support/audit-of.ts'
import { type Chances, shuffled, withRepeats } from '../test/support/disorder.ts'
import { castOf, LIFE_NAMES, type Life, lived } from '../test/support/lives.ts'
import { plantedBugs, withBug } from '../test/support/planted-bugs.ts'
import { type Entry, placed, START_MS, Story } from '../test/support/story.ts'
import type { AuditRecord } from './audit-record.ts'
import { findings } from './findings.ts'
import { defaultLimits } from './limits.ts'

/** One partition after the other from either end, and two mixtures. */
const ORDERS: readonly Chances[] = [[0], [0.99], [0.7, 0.1, 0.4], [0.2, 0.9, 0.5, 0.3, 0.8]]
const REPEATS: Chances = [0, 0.2, 0.4, 0.6, 0.8, 0.99]

const connected = (entries: readonly Entry[]) => [
  ...new Story(START_MS - 60_000).page().entries,
  ...entries,
]
const lifeOf = (...lives: readonly Life[]) => connected(lived(castOf(1), lives, START_MS).entries)

/** What is found in a log, kept whole and kept in short. */
const found = (records: readonly AuditRecord[]) =>
  [stateOf, collapsedStateOf].map((fold) => findings(fold(records), endOf(records), defaultLimits))

describe('a lawful life of a command', () => {
  test.each(LIFE_NAMES)('gives no finding, whatever its person had sent before: %s', (life) => {
    for (const before of LIFE_NAMES) {
      expect(found(placed(lifeOf(before, life))), before).toEqual([[], []])
    }
  })

  test.each(LIFE_NAMES)('gives none while it goes on: %s', (life) => {
    const records = placed(lifeOf(life))
    for (const [index, { place }] of records.entries()) {
      const state = stateOf(records.slice(0, index + 1))
      expect(findings(state, place.timestampMs, defaultLimits)).toEqual([])
    }
  })

  test.each(LIFE_NAMES)('gives none, whichever partition is read first: %s', (life) => {
    for (const order of ORDERS) {
      const entries = withRepeats(lifeOf(life), REPEATS)
      expect(found(shuffled(entries, order))).toEqual([[], []])
    }
  })
})

describe('a planted bug', () => {
  test.each(Object.keys(plantedBugs))('is found, whichever partition is read first: %s', (name) => {
    const { entries, finds } = withBug(name)
    const [wanted] = found(placed(connected(entries)))
    expect(wanted?.map(({ code }) => code)).toContain(finds)
    for (const order of ORDERS) {
      const [whole, short] = found(shuffled(connected(entries), order))
      expect(whole).toEqual(wanted)
      expect(short?.length).toBeGreaterThan(0)
    }
  })
})
