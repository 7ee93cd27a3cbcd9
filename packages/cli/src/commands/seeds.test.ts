import { requirements } from '@otn/seeds'
import { describe, expect, test } from 'vitest'
import { run } from '../fake-shell.ts'

const kept = requirements.filter(({ done }) => done.length > 0)
const nowMs = Date.UTC(2026, 10, 22, 8)

/** Every sentence that is said to be kept, shown by a test of each side. */
const mentions = kept.flatMap(({ id }) =>
  ['services/a/a.test.ts', 'packages/meta-simulator/a.test.ts'].map((file) => ({
    id,
    file,
    line: 3,
    title: `[${id}] x`,
    pattern: `\\[${id}\\] x`,
  })),
)
const ran = (isFailed: (id: string) => boolean) => ({
  runs: {
    'unit tests': {
      endedAt: nowMs - 7_200_000,
      tests: mentions.map(({ id, file, title }) => ({ file, title, passed: !isFailed(id) })),
    },
  },
})
const good = { mentions, runs: ran(() => false) }
const linesOf = (out: string) => out.split('\n')

describe('[U18] otn seeds', () => {
  test('shows every sentence with its tests and their result, and a line for each owner', async () => {
    const { code, out, err } = await run('seeds', { tests: good, nowMs, env: {} })
    expect(code).toBe(0)
    const lines = linesOf(out)
    for (const { id, sentence } of requirements) {
      expect(
        lines.filter((line) => line.startsWith(`${id} `) && line.includes(sentence)),
      ).toHaveLength(1)
    }
    expect(lines.find((line) => line.startsWith('S0-04'))).toMatch(/ 2 +✔ passed$/)
    expect(lines.find((line) => line.startsWith('U15'))).toMatch(/ 0 +… later$/)
    expect(lines).toContain('main job: 3 passed')
    expect(lines).toContain('later: 5 later')
    expect(err).toContain('results: unit tests 2h ago')
  })

  test('never shows what is open as passed, though its tests passed', async () => {
    const { out } = await run('seeds --json', { tests: good, env: {} })
    const rows: { id: string; result: string }[] = JSON.parse(out).rows
    const open = requirements.filter(({ done }) => done.length === 0).map(({ id }) => id)
    const green = rows.filter(({ result }) => result === 'passed').map(({ id }) => id)
    expect(green.length).toBeGreaterThan(20)
    expect(green.filter((id) => open.includes(id))).toEqual([])
  })

  test.each([
    ['has a test that fails', { ...good, runs: ran((id) => id === 'S0-04') }, 1],
    ['has no test', { ...good, mentions: mentions.filter(({ id }) => id !== 'S0-04') }, 1],
    ['was not run', { ...good, runs: { runs: {} } }, 0],
  ])('ends with 1 or 0 where a sentence %s', async (_, tests, expected) => {
    const { code, err } = await run('seeds', { tests, env: {} })
    expect(code).toBe(expected)
    expect(err.includes('next: pnpm otn seeds S0-04')).toBe(expected === 1)
  })

  test('shows one sentence with its source and where its tests stand', async () => {
    const id = 'S0-04'
    const { code, out } = await run(`seeds ${id}`, { tests: good, env: {} })
    expect(code).toBe(0)
    expect(out).toContain('source  このトークンは1回だけ使用でき')
    expect(out).toContain(`✔ passed  [${id}] x  services/a/a.test.ts:3`)
    expect(out).not.toContain('S0-05')
  })

  test('says how to get results where no run is kept', async () => {
    const { err } = await run('seeds', { env: {} })
    expect(err).toContain('no run is kept: pnpm test')
  })
})
