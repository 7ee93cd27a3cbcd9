import { describe, expect, test } from 'vitest'
import { measured, SLOW_MS } from './measured.ts'
import { FAULT_KINDS } from './simulation/faults.ts'
import { lifeMatrix } from './simulation/life-matrix.ts'
import { seedsOf, traceOf } from './simulation/run-simulation.ts'

const SEEDS = 20_000
const LIVENESS_SEEDS = 5_000
const REPLAYS = 200
const FASTER_THAN_LIFE = 1_000

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
