import { describe, expect, test } from 'vitest'
import { newestRuns, withFigures } from './page.ts'
import { benchmarkPicture } from './picture.ts'
import { answersOf, type Run } from './run.ts'
import { tableOf } from './table.ts'

const PAGE = [
  '# Benchmarks',
  '<!-- figures: made by `pnpm bench page` from infra/benchmarks/results -->',
  'what stood here before',
  '<!-- end of figures -->',
  'Words of people.',
].join('\n')

function runOf(change: Partial<Run> & { readonly noise?: number } = {}): Run {
  const { noise = 1, ...rest } = change
  const sample = (cpuUs: number) => ({ cpuUs, wallUs: cpuUs })
  const rounds = [1, 2, 3].map((at) => ({
    ours: sample(1.2 * at),
    bare: sample(at),
    twin: sample(noise * at),
  }))
  const question = {
    ...({ name: 'CPU < bare', metric: 'cpuUs', subject: 'ours', form: 'cost' } as const),
    ...{ parts: ['bare'], aim: 1.25 },
  }
  const asked = { questions: [question], control: { of: 'bare', twin: 'twin' } }
  const said = {
    benchmark: 'b',
    sentence: 'A thing',
    machine: 'a machine',
    amounts: { units: 3 },
    remarks: [],
  }
  const when = { version: 'abc', startedAt: '2026-01-01T00:00:00Z', isFull: true }
  return { ...said, ...when, answers: answersOf(asked, rounds), rounds, ...rest }
}

describe('the page', () => {
  test('shows every run of the version that was measured last, and leaves the words of people', () => {
    const old = runOf({ version: 'old', startedAt: '2025-01-01T00:00:00Z' })
    const page = withFigures(PAGE, [old, runOf(), runOf({ noise: 1.2 })])
    expect(page).toContain('| 1.20 [1.20, 1.20]<br>1.20 [1.20, 1.20] |')
    expect(page).toContain('| reached<br>void |')
    expect(page).not.toContain('what stood here before')
    expect(page).not.toContain('`old`')
    expect(page).toMatch(/Words of people\.$/)
    expect(withFigures(page, [old, runOf(), runOf({ noise: 1.2 })])).toBe(page)
  })

  test('says so where nothing is kept, and refuses a page without its marks', () => {
    expect(withFigures(PAGE, [])).toContain('No run of a quiet machine is kept yet.')
    expect(() => withFigures('# Benchmarks', [])).toThrow('marks')
  })

  test('keeps benchmarks apart', () => {
    const names = newestRuns([runOf({ benchmark: 'z' }), runOf(), runOf()])
    expect(names.map((runs) => [runs[0]?.benchmark, runs.length])).toEqual([
      ['b', 2],
      ['z', 1],
    ])
  })
})

test('the picture has a bar and a control for each run and question, and stands by itself', () => {
  const picture = benchmarkPicture([runOf(), runOf({ noise: 1.2 })])
  expect(picture.match(/class="bar /g)).toHaveLength(2)
  expect(picture.match(/class="control"/g)).toHaveLength(2)
  expect(picture).toContain('class="bar reached"')
  expect(picture).toContain('class="bar void"')
  expect(picture).toContain('CPU &lt; bare')
  expect(picture).not.toContain('NaN')
})

test('the table of a void run, or of a small one, claims nothing', () => {
  const [calm, restless] = [tableOf(runOf()), tableOf(runOf({ noise: 1.2 }))]
  expect(calm.join('\n')).toContain('goal ≤ 1.25: reached')
  expect(restless.join('\n')).toContain('nothing is claimed')
  expect(restless.join('\n')).not.toContain('reached')
  expect(tableOf(runOf({ isFull: false })).join('\n')).not.toContain('goal')
})
