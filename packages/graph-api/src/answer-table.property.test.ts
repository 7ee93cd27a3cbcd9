import { describe, expect, test } from 'vitest'
import { ENDS, verdictOn, ways } from '../test/verdict-on.ts'
import { answerTable, findRow, findRows } from './answer-table.ts'

const patterns = answerTable.flatMap((row) => row.codes)
const listed = new Set<string>(patterns)
const numbersListed = patterns.flatMap((pattern) =>
  pattern
    .split('/')
    .filter((part) => part !== '*')
    .map(Number),
)
const numbers = [...new Set([...Array.from({ length: 1000 }, (_, n) => n), ...numbersListed])]
const isListed = (code: number, subcode: number | null) =>
  listed.has(subcode === null ? `${code}` : `${code}/${subcode}`)
const mayPauseOrDoubt = (code: number) => listed.has(`${code}/*`)

/** The pairs of all numbers, in order: exhaustive, so no seed is needed. */
function* pairs(subcodes: readonly number[]): Generator<readonly [number, number | null]> {
  for (const code of numbers) {
    yield [code, null]
    for (const subcode of subcodes) yield [code, subcode]
  }
}

describe('all codes and subcodes', { timeout: 60_000 }, () => {
  test('the table has no row for a pair it does not list, but to pause or to doubt', () => {
    let count = 0
    const wrong: string[] = []
    for (const [code, subcode] of pairs(numbers)) {
      count += 1
      if (isListed(code, subcode)) continue
      for (const addressedBy of ways) {
        const row = findRow({ code, subcode, addressedBy, text: '' })
        const isRight = row === null ? !mayPauseOrDoubt(code) : !ENDS.includes(row.verdict.class)
        if (!isRight) wrong.push(`${code}/${subcode}: ${row?.id}`)
      }
    }
    expect(wrong).toEqual([])
    expect(count).toBeGreaterThan(1_000_000)
  })

  test('what is looked up for people holds the row that judges, whatever the text', () => {
    const texts = ['', 'An APPSECRET_PROOF is required']
    const missing: string[] = []
    for (const [code, subcode] of pairs([0, 7, 999, ...numbersListed])) {
      const rows = findRows({ code, subcode })
      const judging = texts.flatMap((text) =>
        ways.map((addressedBy) => findRow({ code, subcode, addressedBy, text })),
      )
      const wanted = new Set(judging.filter((row) => row !== null))
      const isSame = rows.length === wanted.size && rows.every((row) => wanted.has(row))
      if (!isSame) missing.push(`${code}/${subcode}`)
    }
    expect(missing).toEqual([])
  })

  test('no pair that is not listed itself ever means sent or failed', () => {
    const wrong: string[] = []
    for (const [code, subcode] of pairs([0, 7, 999, ...numbersListed])) {
      if (isListed(code, subcode)) continue
      const wanted = mayPauseOrDoubt(code) ? ['unknown', 'not-sent', 'page-stopped'] : ['unlisted']
      for (const addressedBy of ways) {
        const verdict = verdictOn(code, subcode, addressedBy)
        if (!wanted.includes(verdict.class)) wrong.push(`${code}/${subcode}: ${verdict.class}`)
      }
    }
    expect(wrong).toEqual([])
  })
})
