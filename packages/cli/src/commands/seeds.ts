import {
  type OwnerSummary,
  ownerOf,
  type Result,
  requirements,
  type SeedsReport,
  type SeedsRow,
  seedsReport,
  type TestRuns,
} from '@otn/seeds'
import type { Command } from 'commander'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import { showAge } from '../output/instant.ts'
import type { Style } from '../output/output.ts'
import { pairs, table } from '../output/table.ts'
import { nearest } from '../why/nearest.ts'
import { usage } from './flags.ts'
import { type Cli, leaf, type Run, runs } from './leaf.ts'

const HEADINGS = ['id', 'sentence', 'tests', 'result']

const MARKS: Readonly<Record<Result, 'good' | 'bad' | 'open'>> = {
  passed: 'good',
  failed: 'bad',
  'no test': 'bad',
  'not run': 'open',
  open: 'open',
  later: 'open',
}
const SIGNS = { good: '✔', bad: '✖', open: '…' } as const

export function addSeeds(parent: Command, cli: Cli): void {
  const command = leaf(parent, {
    usage: 'seeds [ids...]',
    summary: 'each sentence of the requirements, the tests that show it, what they said',
    examples: ['seeds', 'seeds S0-24 S1-46', 'seeds --json'],
    remarks:
      'Reads the tests of the repository, and what pnpm test keeps of them in .otn/tests.json. ' +
      'Ends with 1 where a sentence that is said to be kept has no test, or one that fails.',
  })
  const run = (_flags: object, parts: Run) => showSeeds(command.args, parts)
  runs(command, { cli, reaches: [], run })
}

async function showSeeds(ids: readonly string[], { output, shell }: Run): Promise<ExitCode> {
  const chosen = choose(ids)
  const { mentions, runs } = await shell.readTests()
  const report = seedsReport({ requirements: chosen, mentions, runs })
  output.data(viewOf(report, runs), (style) =>
    ids.length > 0
      ? report.rows.flatMap((row) => cardOf(row, style))
      : [...tableOf(report, style), '', ...report.byOwner.flatMap(summaryLine)],
  )
  output.say(agesOf(runs, shell.nowMs()))
  const worst = report.rows.find(({ result }) => MARKS[result] === 'bad')
  if (worst && ids.length === 0) output.next(`pnpm otn seeds ${worst.requirement.id}`)
  return report.isKept ? exitCodes.ok : exitCodes.failed
}

function choose(ids: readonly string[]): typeof requirements {
  if (ids.length === 0) return requirements
  const known = requirements.map(({ id }) => id)
  const wrong = ids.find((id) => !known.includes(id))
  if (wrong === undefined) return requirements.filter(({ id }) => ids.includes(id))
  const near = nearest(
    wrong,
    known.map((id) => id.toLowerCase()),
  ).map((id) => id.toUpperCase())
  const like = near.length === 0 ? '' : `; near it: ${near.join(', ')}`
  const wanted = `an id such as S0-24, S1-46, D-03, U18${like}`
  throw usage('<ids>', { got: JSON.stringify(wrong), wanted })
}

function viewOf({ rows, byOwner, isKept }: SeedsReport, { runs }: TestRuns) {
  const ran = Object.entries(runs).map(([name, { endedAt }]) => [name, endedAt])
  return {
    isKept,
    rows: rows.map(({ requirement, ...rest }) => {
      const { id, sentence, quote = null, parts } = requirement
      return { id, sentence, quote, parts, owner: ownerOf(requirement), ...rest }
    }),
    byOwner,
    runs: Object.fromEntries(ran),
  }
}

function tableOf({ rows }: SeedsReport, style: Style): readonly string[] {
  const cells = rows.map((row) => {
    const { id, sentence } = row.requirement
    return [id, sentence, String(row.tests.length), saidOf(row)]
  })
  const [head = '', ...lines] = table(HEADINGS, cells)
  return [style.bold(head), ...lines]
}

/** The result with its sign; of what is open, who has still to build it. */
function saidOf({ result, shares }: SeedsRow): string {
  const open = shares.filter((share) => share.result === 'open').map(({ owner }) => owner)
  const whose = result === 'open' ? `: ${open.join(', ')}` : ''
  return `${SIGNS[MARKS[result]]} ${result}${whose}`
}

function cardOf(row: SeedsRow, style: Style): readonly string[] {
  const { requirement, shares, tests } = row
  const { id, sentence, quote, parts } = requirement
  return [
    style.bold(`${id}  ${sentence}`),
    ...pairs([
      ['  source', quote ?? 'the design'],
      ['  parts', parts.join(' ')],
      ['  shares', shares.map(({ owner, result }) => `${owner}: ${result}`).join(', ')],
    ]),
    ...tests.map(({ file, line, title, result }) => {
      const where = style.dim(`${file}:${line}`)
      return `  ${style.marked(MARKS[result], `${result}  ${title}`)}  ${where}`
    }),
    '',
  ]
}

function summaryLine({ owner, shares, results }: OwnerSummary): readonly string[] {
  if (shares === 0) return []
  const counts = Object.entries(results).map(([result, count]) => `${count} ${result}`)
  return [`${owner}: ${counts.join(', ')}`]
}

function agesOf({ runs }: TestRuns, nowMs: number): string {
  const ages = Object.entries(runs).map(
    ([name, { endedAt }]) => `${name} ${showAge(nowMs - endedAt)} ago`,
  )
  return ages.length === 0 ? 'no run is kept: pnpm test' : `results: ${ages.join(', ')}`
}
