import { describe, expect, test } from 'vitest'
import { type FindingCode, finding } from './finding.ts'
import { summaryLine } from './summary.ts'

const found = (code: FindingCode, subject: string) =>
  finding(code, { subject, pageId: null, detail: '', sinceMs: 0 })
const commands = { total: 0, inDoubt: 0 }

describe('the summary line', () => {
  test('is this line, to the letter, where nothing is wrong', () => {
    expect(summaryLine({ faults: 7, exposed: 50, findings: [], commands })).toBe(
      'faults 7 · exposed 50 · lost 0 · doubled 0 · false verdicts 0 · unfinished 0 · in doubt 0 %',
    )
  })

  test('counts each thing in its column, once', () => {
    const findings = [
      found('opt-in-lost', 'token a'),
      found('opt-in-lost', 'token b'),
      found('token-sent-twice', 'token c'),
      found('delivered-twice', 'token c'),
      found('two-finals', 'command d'),
      found('command-unanswered', 'command e'),
      found('attempt-unfinished', 'command f'),
      found('wait-overdue', 'command g'),
      found('topic-not-agreed', 'token h'),
    ]
    expect(summaryLine({ faults: 0, exposed: 0, findings, commands })).toBe(
      'faults 0 · exposed 0 · lost 2 · doubled 1 · false verdicts 1 · unfinished 3 · in doubt 0 %',
    )
  })

  test.each([
    [1, 3, '33.33'],
    [1, 8, '12.5'],
    [3, 3, '100'],
    [1, 1_000_000, '0.01'],
    [0, 5, '0'],
  ])('%d in doubt of %d are %s %%', (inDoubt, total, percent) => {
    const line = summaryLine({ faults: 0, exposed: 0, findings: [], commands: { total, inDoubt } })
    expect(line).toMatch(new RegExp(`in doubt ${percent} %$`))
  })
})
