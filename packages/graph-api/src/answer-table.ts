import type { AnswerRow, CodePattern } from './answer-row.ts'
import { pageStoppedRows } from './answer-rows/page-stopped.ts'
import { refusedRows } from './answer-rows/refused.ts'
import { throttledRows } from './answer-rows/throttled.ts'
import { tokenRefusedRows } from './answer-rows/token-refused.ts'
import { unknownRows } from './answer-rows/unknown.ts'
import type { AddressedBy, CodePair } from './classification.ts'

/** Goes up with every change of a row, so that a record tells by which table it was judged. */
export const ANSWER_TABLE_VERSION = 1

/**
 * Every code the platform is known to answer, from its error documentation and from public logs.
 * A code that stands here nowhere is unlisted: in doubt.
 * @see Messenger Platform documentation, "Error Codes"; Graph API, "Handle Errors"
 */
export const answerTable: readonly AnswerRow[] = [
  ...throttledRows,
  ...unknownRows,
  ...pageStoppedRows,
  ...tokenRefusedRows,
  ...refusedRows,
]

const WAYS: readonly AddressedBy[] = ['token', 'psid']

const ROWS_BY_PATTERN: ReadonlyMap<CodePattern, readonly { readonly row: AnswerRow }[]> =
  Map.groupBy(
    answerTable.flatMap((row) => row.codes.map((pattern) => ({ pattern, row }))),
    ({ pattern }) => pattern,
  )

export interface AnswerQuery extends CodePair {
  readonly addressedBy: AddressedBy
  /** The platform's text, or '' where there is none. */
  readonly text: string
}

/**
 * The row of an error; null = unlisted. The pair itself wins over `*`, a row that asks for a text
 * over one that does not.
 */
export function findRow(query: AnswerQuery): AnswerRow | null {
  return rowOf(patternOf(query), query) ?? rowOf(`${query.code}/*`, query)
}

/**
 * Every row that may judge this pair, whatever the platform's text, one way of addressing after
 * the other; empty = unlisted by either.
 */
export function findRows(pair: CodePair): readonly AnswerRow[] {
  const found = WAYS.flatMap((way) => {
    const exact = rowsOn(patternOf(pair), way)
    const isDecided = exact.some(({ text }) => text === null)
    return isDecided ? exact : [...exact, ...rowsOn(`${pair.code}/*`, way)]
  })
  return [...new Set(found)]
}

function rowOf(pattern: CodePattern, { addressedBy, text }: AnswerQuery): AnswerRow | null {
  const rows = rowsOn(pattern, addressedBy)
  const byText = rows.find((row) => row.text?.test(text))
  return byText ?? rows.find((row) => row.text === null) ?? null
}

function rowsOn(pattern: CodePattern, way: AddressedBy): readonly AnswerRow[] {
  const rows = ROWS_BY_PATTERN.get(pattern)?.map(({ row }) => row)
  return rows?.filter(({ on }) => on === 'any' || on === way) ?? []
}

function patternOf({ code, subcode }: CodePair): CodePattern {
  return subcode === null ? `${code}` : `${code}/${subcode}`
}
