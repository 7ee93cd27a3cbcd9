import { notifyRules, requestRules } from '@otn/policy'
import { readRuleTests } from '@otn/seeds/repository'
import { describe, expect, test } from 'vitest'
import { run } from '../fake-shell.ts'

const ids = [notifyRules, requestRules].flatMap(({ rules }) => rules.map(({ id }) => id))
const ruleTests = ids.map((rule, index) => ({ rule, file: 'a.test.ts', line: index + 1 }))

describe('[S1-18, U6] otn rules', () => {
  test('lists every rule in the order in which it is asked, with its sentence', async () => {
    const { code, out } = await run('rules list --json', { ruleTests, env: {} })
    const { rules, rulesVersions } = JSON.parse(out)
    expect(code).toBe(0)
    expect(rules.map(({ id }: { id: string }) => id)).toEqual(ids)
    expect(rulesVersions).toHaveLength(2)
    for (const { source, text, next } of rules) {
      for (const said of [source.id, source.sentence, text, next]) expect(said).toMatch(/\S/)
    }
    const { out: table } = await run('rules list', { ruleTests, env: {} })
    const row = table.split('\n').find((line) => line.includes('notify-window-open'))
    expect(row).toMatch(/window-closed +S1-38 .+ 1$/)
  })

  test('says which rule no test names, and ends with 1', async () => {
    const { code, err } = await run('rules list', { ruleTests: ruleTests.slice(1), env: {} })
    expect([code, err.trim()]).toEqual([1, `no test names ${ids[0]}`])
  })

  test('shows one rule: what it says, what it rests on, what to do, and its tests', async () => {
    const { out, err } = await run('rules show request-title-length', { ruleTests, env: {} })
    expect(out).toContain('S0-12: A title has at most 65 characters')
    expect(out).toContain('title has {count} UTF-16 code units; at most {max} are taken')
    expect(out).toContain(`a.test.ts:${ids.indexOf('request-title-length') + 1}`)
    expect(err).toContain('pnpm otn why title-too-long')
  })

  test('knows what a rule that there is not may have been meant for', async () => {
    const { code, err } = await run('rules show notify-windows-open', { ruleTests, env: {} })
    expect(code).toBe(3)
    expect(err).toContain('near it: notify-window-open')
  })

  test('finds a test in the repository for every rule there is', () => {
    const named = new Set(readRuleTests(new Set(ids)).map(({ rule }) => rule))
    expect(ids.filter((id) => !named.has(id))).toEqual([])
  })
})
