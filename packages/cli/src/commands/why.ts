import { isReasonCode, type ReasonCode, reasons } from '@otn/contracts'
import { ANSWER_TABLE_VERSION, answerTable, type CodePair } from '@otn/graph-api/answers'
import type { Command } from 'commander'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import type { Output, Style } from '../output/output.ts'
import { printable } from '../output/printable.ts'
import { pairs } from '../output/table.ts'
import { readCodePair } from '../why/code-pair.ts'
import { type GraphVerdict, graphAnswer, verdictOf } from '../why/graph-verdict.ts'
import { nearest } from '../why/nearest.ts'
import { usage } from './flags.ts'
import { type Cli, leaf, type Run, runs } from './leaf.ts'

/** What an answer means depends on more than its code. */
const CAVEATS = [
  'HTTP 5xx with any code, and a refusal that calls itself transient: the message may be out.',
  'After an earlier attempt of unknown outcome a refusal proves nothing of that one: in doubt.',
  'A code in DISPATCHER_TOKEN_USED_CODES means, on a send by token, that the token is spent.',
]

const rowIds = answerTable.map(({ id }) => id)

export function addWhy(parent: Command, cli: Cli): void {
  const command = leaf(parent, {
    usage: 'why <code>',
    summary: 'what a Graph answer or a reason code means, what follows, and who acts',
    examples: ['why 100', 'why 10/2018278', 'why token-rejected', 'why 190/463 --json'],
    remarks:
      'Takes CODE or CODE/SUBCODE of the Graph API, a reason code, or a row of the answer table.',
  })
  const run = (_flags: object, parts: Run) => why(command.args[0] ?? '', parts)
  runs(command, { cli, reaches: [], run })
}

async function why(word: string, { output }: Run): Promise<ExitCode> {
  const pair = readCodePair(word)
  if (pair !== null) tellAnswer(pair, output)
  else if (isReasonCode(word)) tellReason(word, output)
  else tellRow(word, output)
  return exitCodes.ok
}

function tellAnswer(pair: CodePair, output: Output): void {
  const { code, subcode } = pair
  const { isListed, verdicts, related } = graphAnswer(pair)
  const name = subcode === null ? `${code}` : `${code}/${subcode}`
  const kind = { kind: 'graph-answer', code, subcode, tableVersion: ANSWER_TABLE_VERSION }
  output.data({ ...kind, isListed, verdicts, related, caveats: CAVEATS }, (style) => [
    style.bold(`Graph answer ${name}${isListed ? '' : ', unlisted'}`),
    ...verdicts.flatMap((verdict) => verdictLines(verdict, style)),
    '',
    ...CAVEATS.map((caveat) => style.dim(caveat)),
  ])
  if (related.length > 0) output.say(`listed apart: ${related.join(', ')}`)
  const [first] = verdicts
  if (first) output.next(`pnpm otn why ${first.reason}`)
}

function tellRow(word: string, output: Output): void {
  const row = answerTable.find(({ id }) => id === word)
  if (row === undefined) throw unknown(word)
  const verdict = verdictOf(row)
  const kind = { kind: 'answer-row', tableVersion: ANSWER_TABLE_VERSION, codes: row.codes }
  output.data({ ...kind, verdict }, (style) => [
    style.bold(`row ${row.id} of the answer table: ${row.codes.join(', ')}`),
    ...verdictLines(verdict, style),
  ])
  output.next(`pnpm otn why ${verdict.reason}`)
}

function tellReason(code: ReasonCode, output: Output): void {
  const { meaning, who, next } = reasons[code]
  const rows = answerTable.filter(({ reason }) => reason === code)
  const graphCodes = [...new Set(rows.flatMap(({ codes }) => codes))]
  output.data({ kind: 'reason', code, meaning, who, next, graphCodes }, (style) => [
    style.bold(`reason ${code}`),
    ...pairs([
      ['meaning', meaning],
      ['who acts', who],
      ['next step', next],
      ['Graph codes', graphCodes.join(', ')],
    ]),
  ])
  const [graphCode] = graphCodes
  if (graphCode !== undefined) output.next(`pnpm otn why ${graphCode.replace('/*', '')}`)
}

const WAYS = { token: 'by token', psid: 'by psid', any: 'by token or psid' } as const

function verdictLines(verdict: GraphVerdict, style: Style): readonly string[] {
  const { addressedBy, text, row, meaning, sent, who, reason, operator } = verdict
  const where = text === null ? WAYS[addressedBy] : `${WAYS[addressedBy]}, text like ${text}`
  return [
    '',
    style.marked(sent === 'no' ? 'bad' : 'open', `${where}: ${verdict.class} (${row})`),
    ...pairs([
      ['  meaning', meaning],
      ['  the message', sent === 'no' ? 'did not go out by this call' : 'may be out'],
      ['  reason', reason],
      ['  then', verdict.follows],
      ['  who acts', who],
      ['  you may', operator],
    ]),
  ]
}

function unknown(word: string): Error {
  const known = [...Object.keys(reasons), ...rowIds]
  const near = nearest(word, known)
  const like = near.length === 0 ? 'docs/errors.md lists them' : `near it: ${near.join(', ')}`
  const wanted = `a Graph code (100, 10/2018278) or a reason code; ${like}`
  return usage('<code>', { got: printable(JSON.stringify(word)), wanted })
}
