import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { noSums } from '../simulation/sums.ts'
import type { CellResult, FaultDone } from './cell-result.ts'
import { addSimulation, addSums, keepSums, readSums } from './sums.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'otn-sums-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const fault = (id: string, missed: string | null = null): FaultDone => {
  return { id, fromMs: 0, toMs: 5, exposed: 3, missed }
}

function result(seed: number, ...faults: readonly FaultDone[]): CellResult {
  return {
    ...{ name: 'dispatcher', family: 'dispatcher', seed, faults, exposed: 3 },
    ...{ commands: { total: 50, inDoubt: 1 }, findings: [], troubles: [], samples: [] },
    ...{ doubts: [], seconds: 12, restSeconds: 2 },
  }
}

describe('the sums of long runs', () => {
  test('add up over rounds, each fault by what was done; one that did not strike is none', () => {
    addSums(root, [result(1, fault('kill call.after'), fault('lose decide'))], 'one')
    addSums(
      root,
      [result(2, fault('kill call.after'), fault('lose decide', 'waited in vain'))],
      'one',
    )
    expect(readSums(root)).toEqual({
      dispatcher: {
        ...{ runs: 2, faults: 3, struck: { 'kill call.after': 2, 'lose decide': 1 } },
        ...{ exposed: 6, commands: 100, inDoubt: 2, findings: 0, troubles: 0, versions: ['one'] },
      },
    })
  })

  test('begin at nothing, and go on from sums that knew no single faults', () => {
    expect(readSums(root)).toEqual({})
    addSums(root, [], 'one')
    const before = { runs: 1, faults: 4, exposed: 0, commands: 9, inDoubt: 0 }
    const kept = { dispatcher: { ...before, findings: 0, troubles: 0 } }
    writeFileSync(join(root, '.otn', 'chaos-sums.json'), JSON.stringify(kept))
    addSums(root, [result(1, fault('lose decide'))], 'one')
    expect(readSums(root)).toMatchObject({
      dispatcher: { runs: 2, faults: 5, struck: { 'lose decide': 1 } },
    })
  })

  test('say which versions of the code they are of, and how many worlds each ran', () => {
    addSums(root, [result(1, fault('lose decide'))], 'one')
    addSums(root, [result(2)], 'two')
    addSums(root, [result(3)], 'two')
    expect(readSums(root).dispatcher?.versions).toEqual(['one', 'two'])

    const next = { seeds: 11, liveness: 1, pairs: 1 }
    const run = { sums: { ...noSums, worlds: 10 }, cpuSeconds: 1, findings: [], next, pairs: null }
    addSimulation(root, run, 'one')
    addSimulation(root, run, 'two')
    expect(addSimulation(root, run, 'two')).toMatchObject({
      ...{ sums: { worlds: 30 }, versions: { one: 10, two: 20 } },
    })
  })

  test('go on in another clone from where they were kept', () => {
    addSums(root, [result(1, fault('lose decide'))], 'one')
    keepSums(root)
    rmSync(join(root, '.otn'), { recursive: true })
    addSums(root, [result(2, fault('lose decide'))], 'one')
    expect(readSums(root)).toMatchObject({ dispatcher: { runs: 2, struck: { 'lose decide': 2 } } })
  })
})
