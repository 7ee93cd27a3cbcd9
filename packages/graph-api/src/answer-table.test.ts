import { describe, expect, test } from 'vitest'
import { ENDS, verdictOn, ways } from '../test/verdict-on.ts'
import type { AnswerRow } from './answer-row.ts'
import { answerTable, findRow, findRows } from './answer-table.ts'

const patterns = answerTable.flatMap((row) => row.codes)
describe('rows', () => {
  test('every listed pair has one verdict for each way of addressing', () => {
    for (const pattern of patterns) {
      const [code, subcode] = pattern.split('/').map(Number)
      for (const way of ways) {
        const verdict = verdictOn(code ?? 0, Number.isNaN(subcode) ? 77 : (subcode ?? null), way)
        expect(verdict.class, `${pattern} by ${way}`).not.toBe('unlisted')
      }
    }
  })

  test('that people look up are those that judge, for each way of addressing and any text', () => {
    const texts = ['', 'An APPSECRET_PROOF is required']
    const pairs = patterns.flatMap((pattern) => {
      const [code = 0, subcode] = pattern.split('/').map(Number)
      return [null, 0, Number.isNaN(subcode) ? 7 : (subcode ?? null)].map(
        (sub) => [code, sub] as const,
      )
    })
    for (const [code, subcode] of [...pairs, [999_999, null] as const]) {
      const judging = ways.flatMap((addressedBy) =>
        texts.map((text) => findRow({ code, subcode, addressedBy, text })),
      )
      const ids = new Set(judging.flatMap((row) => (row === null ? [] : [row.id])))
      expect(new Set(findRows({ code, subcode }).map(({ id }) => id)), `${code}`).toEqual(ids)
    }
  })

  test('that end a command name every pair: a pattern with * never means sent or failed', () => {
    const sweeping = answerTable.filter((row) => row.codes.some((code) => code.endsWith('/*')))
    expect(sweeping.length).toBeGreaterThan(0)
    expect(sweeping.filter(({ verdict }) => ENDS.includes(verdict.class))).toEqual([])
  })

  test('tell people what their verdict does: spent is in question where the send is', () => {
    const wanted = (row: AnswerRow): Partial<AnswerRow> => {
      switch (row.verdict.class) {
        case 'unknown': {
          const retry = { allowed: 'after-settling', never: 'echo-only' } as const
          return {
            ...{ spent: 'unknown', reason: 'outcome-unknown', retry: retry[row.verdict.probe] },
          }
        }
        case 'throttled':
          return { spent: 'no', reason: 'rate-limited', retry: 'after-pause' }
        case 'page-stopped':
          return { spent: 'no', retry: 'after-pause' }
        case 'token-refused':
          return { spent: 'no', on: 'token', retry: 'never' }
        case 'refused':
          return { spent: 'no' }
      }
    }
    for (const row of answerTable) expect(row, row.id).toMatchObject(wanted(row))
    const classes = answerTable.map(({ verdict }) => verdict.class)
    expect(new Set(classes).size).toBe(5)
  })

  test('do not overlap: a pair has one row without text for each way of addressing', () => {
    for (const way of ways) {
      const claimed = answerTable
        .filter((row) => (row.on === 'any' || row.on === way) && row.text === null)
        .flatMap((row) => row.codes)
      expect(new Set(claimed).size).toBe(claimed.length)
    }
  })

  test('that ask for a text are chosen by it alone, and never end a command', () => {
    const asking = answerTable.filter((row) => row.text !== null)
    expect(asking.map(({ verdict }) => verdict.class)).toEqual(['page-stopped'])
    const query = { code: 100, subcode: null, addressedBy: 'token' } as const
    expect(findRow({ ...query, text: 'An APPSECRET_PROOF is required' })?.id).toBe(
      'appsecret-proof',
    )
    expect(findRow({ ...query, text: '' })?.id).toBe('token-not-honoured')
  })
})
