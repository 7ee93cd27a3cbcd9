import { faq } from '@otn/seeds'
import { describe, expect, test } from 'vitest'
import { run } from '../fake-shell.ts'

const [file = ''] = faq.find(({ id }) => id === 'several-pages')?.tests ?? []
const mention = { id: 'S1-04', file, line: 3, title: '[S1-04] never mixes', pattern: 'mixes' }
const elsewhere = { ...mention, file: 'services/other/a.test.ts', title: '[S1-04] elsewhere' }
const ended = { endedAt: 0, tests: [{ file, title: mention.title, passed: true }] }
const tests = { mentions: [mention, elsewhere], runs: { runs: { 'unit tests': ended } } }

describe('[S1-01] otn faq', () => {
  test('lists every question', async () => {
    const { code, out, err } = await run('faq', { env: {} })
    expect(code).toBe(0)
    for (const { id, question } of faq) {
      expect(out.split('\n').some((line) => line.startsWith(id) && line.includes(question))).toBe(
        true,
      )
    }
    expect(out.trim().split('\n')).toHaveLength(faq.length + 1)
    expect(err).toContain(`pnpm otn faq ${faq[0]?.id}`)
  })

  test('shows an answer with the tests that it points at, and what they said', async () => {
    const { out } = await run('faq several-pages', { tests, env: {} })
    expect(out).toContain('May one app serve several pages?')
    expect(out).toContain('Yes, once the app passed its review')
    expect(out).toContain(`passed  [S1-04] never mixes  ${file}:3`)
    expect(out).not.toContain('elsewhere')
    expect(out).toContain('pnpm otn seeds S1-04 S1-05')
  })

  test('says so where nothing shows an answer yet', async () => {
    const { out } = await run('faq one-persons-data', { tests, env: {} })
    expect(out).toContain('Nothing shows it yet.')
  })

  test('finds questions by words, and says what is near where there is none', async () => {
    const { out } = await run('faq token twice --json', { tests, env: {} })
    const entries: readonly { readonly id: string }[] = JSON.parse(out).entries
    expect(entries.map(({ id }) => id)).toContain('once')
    const { code, err } = await run('faq several-page', { env: {} })
    expect(code).toBe(0)
    expect(err).toBe('')
    const none = await run('faq whatever-else', { env: {} })
    expect(none.code).toBe(2)
    expect(none.err).toContain('wanted an id or words of a question')
  })
})
