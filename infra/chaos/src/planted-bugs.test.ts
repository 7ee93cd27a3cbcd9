/** Who tests the tests: bugs that are planted in ports, and what catches them. */
import { describe, expect, test } from 'vitest'
import { SLOW_MS } from './measured.ts'
import { catchFlaws, seedsOf, tally } from './simulation/run-simulation.ts'
import { routed, unanswered } from './simulation/singles.ts'

const FLAW_SEEDS = 10_000

describe('the judge', () => {
  test.each([
    ['question whenever a person once wrote', 'no call outside of the window'],
    ['ledger that knows of no window', 'no refusal where the window stood open'],
    ['ledger that knows of no window', 'AUTO spends no token while the window stands open'],
  ] as const)('catches "%s" by the rule "%s" alone', async (flaw, rule) => {
    const worlds = [...seedsOf({ from: 1, count: FLAW_SEEDS, flaw })]
    const judges = new Set([rule])
    const { findings } = await tally(
      worlds.map((world) => ({ ...world, judges })),
      { stopsAtFirst: true },
    )
    expect(findings.map((finding) => finding.rule)).toEqual([rule])
  })

  test('catches a message within the window that is sent again, its outcome unknown', async () => {
    const flaw = 'a question of unknown outcome is put again'
    const worlds = [...unanswered(routed, 200)].map((world) => ({ ...world, flaw }) as const)
    const { findings } = await tally(worlds, { stopsAtFirst: true })
    expect(findings.map(({ rule }) => rule)).toEqual(['a command delivers once'])
  })

  test(
    'catches every planted bug',
    async () => {
      const before = process.cpuUsage()
      const caught = await catchFlaws(FLAW_SEEDS)
      const { user, system } = process.cpuUsage(before)
      console.log(`planted bugs: ${((user + system) / 1e6).toFixed(1)} s CPU`)
      console.log(caught.map(({ flaw, worlds, rule }) => `${worlds} ${flaw}: ${rule}`).join('\n'))
      expect(caught.filter(({ worlds }) => worlds === null)).toEqual([])
    },
    SLOW_MS,
  )
})
