import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Mutant, textsOf } from './mutant.ts'
import { scoreOf, scoreTable } from './score.ts'
import { scores } from './scores.ts'
import { compare, type Survivor, survivors } from './survivors.ts'
import { survivorsPage } from './survivors-page.ts'

const ROOT = join(import.meta.dirname, '../../..')

const mutant = (values: Partial<Mutant> = {}): Mutant => ({
  ...{ file: 'a.ts', line: 'return a < b', was: 'a < b', becomes: 'a <= b', fate: 'survived' },
  ...values,
})
const survivor = (values: Partial<Survivor> = {}): Survivor => {
  const { fate: _, ...named } = mutant()
  return { ...named, why: 'they differ', ...values }
}

describe('the list of survivors', () => {
  test('names places that stand in the code, each once and with its reason', () => {
    const lost = survivors.filter(
      ({ file, line }) => !readFileSync(join(ROOT, file)).includes(line),
    )
    expect(lost).toEqual([])
    const keys = survivors.map(({ why: _, ...named }) => JSON.stringify(named))
    expect(new Set(keys).size).toBe(keys.length)
    expect(survivors.filter(({ why }) => why.length < 12)).toEqual([])
  })

  test('is complete where every mutant that is alive stands in it, covered or not', () => {
    const other = mutant({ becomes: 'true', fate: 'not covered' })
    const { unexplained } = compare([survivor()], [mutant(), other])
    expect(unexplained).toEqual([other])
  })

  test.each([
    ['was killed', [mutant({ fate: 'killed' })]],
    [
      'is no mutant any more',
      [mutant({ file: 'b.ts' }), mutant({ line: 'x' }), mutant({ was: '' })],
    ],
  ])('is stale where one of them %s', (_, mutants) => {
    expect(compare([survivor()], mutants).stale).toEqual([survivor()])
    expect(compare([survivor()], [mutant()]).stale).toEqual([])
  })

  test('is shown by file, as code that a table can hold', () => {
    const page = survivorsPage([survivor({ line: 'a || `b`', becomes: '' })], {})
    expect(page).toContain('## a.ts\n')
    expect(page).toContain('| `` a \\|\\| `b` `` | `` a < b `` | nothing | they differ |')
  })
})

describe('a mutant', () => {
  test('is named by texts, so that other edits of the file do not rename it', () => {
    const source = ['one', '  if (a &&', '      b) return', 'two'].join('\n')
    const place = { start: { line: 2, column: 7 }, end: { line: 3, column: 8 } }
    expect(textsOf(source, place, 'a ||\n  b')).toEqual({
      ...{ line: 'if (a &&', was: 'a && b', becomes: 'a || b' },
    })
  })
})

describe('the score', () => {
  test('is the share of the dead; what no test reaches, or ended, is alive', () => {
    const fates = ['killed', 'killed', 'survived', 'not covered', 'unknown'] as const
    const mutants = fates.map((fate) => mutant({ fate }))
    expect(scoreOf(mutants)).toEqual({
      ...{ mutants: 5, killed: 2, survived: 1, notCovered: 1, unknown: 1, percent: 40 },
    })
    expect(scoreOf([]).percent).toBe(0)
    expect(survivorsPage([], { decide: scoreOf(mutants) })).toContain(
      '\n| decide | 5 | 2 | 1 | 1 | 1 | 40.0 % |\n',
    )
    const [, row, sum] = scoreTable(new Map([['decide', mutants]])).split('\n')
    expect(row?.split(/\s+/)).toEqual(['a.ts', '5', '2', '1', '1', '1', '40.0', '%'])
    expect(sum?.split(/\s+/)).toEqual(['=', 'decide', '5', '2', '1', '1', '1', '40.0', '%'])
  })

  test('of each group that was run is kept, and at least 90 %', () => {
    expect(Object.entries(scores).filter(([, { percent }]) => percent < 90)).toEqual([])
  })
})
