import { describe, expect, test } from 'vitest'
import type { CellResult } from './cell-result.ts'
import { isClean, lineOf, tableOf } from './report.ts'

const struck = { id: 'kill call.after', fromMs: 0, toMs: 5, exposed: 3, missed: null }
const clean: CellResult = {
  ...{ name: 'dispatcher', family: 'dispatcher', seed: 7, faults: [struck], exposed: 3 },
  ...{ commands: { total: 50, inDoubt: 1 }, findings: [], troubles: [], samples: [], doubts: [] },
  ...{ seconds: 12, restSeconds: 2 },
}
const finding: CellResult['findings'][number] = {
  ...{ code: 'delivered-twice', severity: 'critical', promise: 'G3', subject: 'token a' },
  ...{ pageId: null, sentence: 'Two messages of one token: token a', sinceMs: 0 },
}

describe('the end of a drill', () => {
  test('is this line, to the letter, where nothing is wrong', () => {
    expect(lineOf([clean, clean])).toBe(
      'faults 2 · exposed 6 · lost 0 · doubled 0 · false verdicts 0 · unfinished 0 · in doubt 2 %',
    )
    expect(isClean([clean])).toBe(true)
  })

  test('names what was found, with cell and seed', () => {
    const results = [{ ...clean, findings: [finding] }]
    expect(lineOf(results)).toContain('doubled 1')
    expect(tableOf(results).at(-1)).toBe(
      '✖ dispatcher (seed 7): delivered-twice: token a: Two messages of one token: token a',
    )
    expect(isClean(results)).toBe(false)
  })

  test('does not count a fault that did not strike, and is not clean without it', () => {
    const missed = { ...struck, missed: 'waited in vain' }
    const results = [{ ...clean, faults: [struck, missed] }]
    expect(lineOf(results)).toContain('faults 1 ')
    expect(tableOf(results)[1]).toContain('1/2')
    expect(isClean(results)).toBe(false)
  })

  test('is not clean where nothing ran, or a cell did not come to rest', () => {
    expect(isClean([])).toBe(false)
    expect(isClean([{ ...clean, troubles: ['3 commands have no end'] }])).toBe(false)
  })
})
