/** Each fault alone, at each of its steps, and scenes that chance seldom makes. */
import { describe, expect, test } from 'vitest'
import { measured, SLOW_MS } from './measured.ts'
import { crashPointTable, isAt } from './simulation/crash-points.ts'
import {
  lateRelease,
  lateToClaims,
  lateToReadModel,
  releasedUntold,
  reuseRecordedLate,
  sameAttemptTwice,
} from './simulation/emptied-stores.ts'
import { releasedUnread } from './simulation/late-ledger.ts'
import { tally } from './simulation/run-simulation.ts'
import { emptiedTwice, listRows, questions, routed, singlesOf } from './simulation/singles.ts'
import type { WorldOptions } from './simulation/world.ts'

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

  test('leaves an id to the command that the log gives it to, whoever records it first', async () => {
    const { findings } = await tally(reuseRecordedLate(100))
    expect(findings).toEqual([])
  })

  test('gives no token to two, though a release was decided and never told', async () => {
    const { findings } = await tally(releasedUntold(200))
    expect(findings).toEqual([])
  })
})
