/** Bounded by counts, never by time: the same seeds give the same verdicts everywhere. */
import { describe, expect, test } from 'vitest'
import { crashPointTable, isAt } from './simulation/crash-points.ts'
import {
  lateRelease,
  lateToClaims,
  lateToReadModel,
  releasedUntold,
  sameAttemptTwice,
} from './simulation/emptied-stores.ts'
import { FAULT_KINDS } from './simulation/faults.ts'
import { releasedUnread } from './simulation/late-ledger.ts'
import { lifeMatrix } from './simulation/life-matrix.ts'
import { catchFlaws, type Ended, seedsOf, tally, traceOf } from './simulation/run-simulation.ts'
import {
  emptiedTwice,
  listRows,
  questions,
  routed,
  singlesOf,
  unanswered,
} from './simulation/singles.ts'
import { summaryOf } from './simulation/sums.ts'
import type { WorldOptions } from './simulation/world.ts'

const SEEDS = 20_000
const LIVENESS_SEEDS = 5_000
const REPLAYS = 200
const FLAW_SEEDS = 10_000
const FASTER_THAN_LIFE = 1_000
const SLOW_MS = 600_000

/** Prints what it was, and what the processor had to do for it. */
async function measured(what: string, worlds: Iterable<WorldOptions>, ended?: Ended) {
  const before = process.cpuUsage()
  const sums = await tally(worlds, { ended })
  const cpu = process.cpuUsage(before)
  console.log(`${what}: ${summaryOf(sums, cpu)}`)
  return { ...sums, ratio: (sums.seconds * 1e6) / (cpu.user + cpu.system) }
}

describe('all services under seeded faults', () => {
  test(
    '[S0-04] [U1] a token and a command give at most one message, and no verdict is false',
    async () => {
      const range = { from: 1, count: SEEDS }
      const { worlds, findings, struck, coverage, ratio } = await measured('D1', seedsOf(range))
      expect(findings.slice(0, 5)).toEqual([])
      expect(worlds).toBe(SEEDS)
      expect(FAULT_KINDS.filter((kind) => struck[kind] < SEEDS / 100)).toEqual([])
      expect(ratio).toBeGreaterThan(FASTER_THAN_LIFE)
      const reached = new Set(coverage.cells.keys())
      const missed = lifeMatrix.filter((c) => c.standing === 'demanded' && !reached.has(c.cell))
      expect(missed).toEqual([])
      const impossible = lifeMatrix.filter((c) => c.standing === 'forbidden' && reached.has(c.cell))
      expect(impossible).toEqual([])
    },
    SLOW_MS,
  )

  test(
    '[D-05] everything ends within its limits, whenever the faults end',
    async () => {
      const range = { from: 1_000_000, count: LIVENESS_SEEDS, isLiveness: true }
      const { worlds, findings } = await measured('D3', seedsOf(range))
      expect(findings.slice(0, 5)).toEqual([])
      expect(worlds).toBe(LIVENESS_SEEDS)
    },
    SLOW_MS,
  )

  test(
    '[U21] a seed run twice leaves the same trace, byte for byte',
    async () => {
      for (const options of seedsOf({ from: 5_000, count: REPLAYS })) {
        const first = (await traceOf(options)).join('\n')
        expect(first.length).toBeGreaterThan(1_000)
        expect((await traceOf(options)).join('\n') === first).toBe(true)
      }
    },
    SLOW_MS,
  )
})

describe('one command', () => {
  test(
    '[U1] survives each fault at each of its steps, whatever the platform answers',
    async () => {
      const rows = await listRows()
      const singles = singlesOf(rows)
      const met = new Map<WorldOptions, boolean>()
      const worlds = singles.map(({ world }) => world)
      const { findings } = await measured('D2 singles', worlds, (world, options) => {
        met.set(options, world.script.isMet)
      })
      expect(findings.slice(0, 5)).toEqual([])
      const unmet = singles.filter(({ world }) => !met.get(world))
      expect(unmet.map(({ answer, mishap }) => [answer.name, mishap])).toEqual([])
      const missing = crashPointTable.flatMap((point) =>
        rows
          .filter(({ mishaps }) => !mishaps.some((mishap) => isAt(point, mishap)))
          .map(({ answer }) => `${point.id} × ${answer.name}`),
      )
      expect(missing).toEqual([])
      console.log(`${crashPointTable.length} crash points × ${rows.length} answers`)
    },
    SLOW_MS,
  )
})

describe('one message by another route', () => {
  test(
    '[S1-38] goes out once, whatever fails at each of its steps',
    async () => {
      const rows = (await Promise.all(routed.map(listRows))).flat()
      const worlds = singlesOf(rows).map(({ world }) => world)
      const { findings } = await measured('D2 routes', worlds)
      expect(findings.slice(0, 5)).toEqual([])
    },
    SLOW_MS,
  )
})

describe('one question', () => {
  test(
    '[U1] is put once, whatever fails at each of its steps, and whoever competes for it',
    async () => {
      const rows = (await Promise.all(questions.map(listRows))).flat()
      const singles = singlesOf(rows)
      const met = new Map<WorldOptions, boolean>()
      const worlds = singles.map(({ world }) => world)
      const { findings } = await measured('D2 questions', worlds, (world, options) => {
        met.set(options, world.script.isMet)
      })
      expect(findings.slice(0, 5)).toEqual([])
      const unmet = singles.filter(({ world }) => !met.get(world))
      expect(unmet.map(({ answer, mishap }) => [answer.name, mishap])).toEqual([])
      const points = crashPointTable.filter((point) => 'call' in point)
      const missing = points.flatMap((point) =>
        rows
          .filter(({ mishaps }) => !mishaps.some((mishap) => isAt(point, mishap)))
          .map(({ answer }) => `${point.id} × ${answer.name}`),
      )
      expect(missing).toEqual([])
    },
    SLOW_MS,
  )

  test('refuses nobody the token that it let go, however late the ledger reads', async () => {
    const { findings } = await tally(releasedUnread(600))
    expect(findings).toEqual([])
  })
})

describe('a store that was emptied', () => {
  test('[S0-22] is not overwritten by what was decided upon what stood there before', async () => {
    const { findings } = await tally([...lateToClaims(200), ...lateToReadModel(200)])
    expect(findings).toEqual([])
  })

  test('[S0-20] shows nobody a part of what happened as the whole of it', async () => {
    const { findings } = await tally(emptiedTwice())
    expect(findings).toEqual([])
  })

  test('lets nobody decide about an attempt of the same number in another store', async () => {
    for (const worlds of [sameAttemptTwice(300), lateRelease(300)]) {
      const { findings } = await tally(worlds)
      expect(findings).toEqual([])
    }
  })

  test('gives no token to two, though a release was decided and never told', async () => {
    const { findings } = await tally(releasedUntold(200))
    expect(findings).toEqual([])
  })
})

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
