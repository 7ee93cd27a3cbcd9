/** The answer table for people who look a code up; it brings no HTTP client along. */
export type { AnswerRow, RowVerdict } from './answer-row.ts'
export { ANSWER_TABLE_VERSION, answerTable, findRows } from './answer-table.ts'
export type { CodePair } from './classification.ts'
