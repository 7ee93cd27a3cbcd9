import { type FaqEntry, faq, requirements, type SeedsReport, seedsReport } from '@otn/seeds'
import type { SeedsSources } from '@otn/seeds/repository'
import type { Command } from 'commander'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import type { Style } from '../output/output.ts'
import { pairs, table } from '../output/table.ts'
import { nearest } from '../why/nearest.ts'
import { usage } from './flags.ts'
import { type Cli, leaf, type Run, runs } from './leaf.ts'

const HEADINGS = ['id', 'question', 'tests']
/** So few that their answers are shown. */
const SHOWN_MAX = 3

type Shown = SeedsReport['rows'][number]['tests'][number] & { readonly id: string }
type Answered = FaqEntry & { readonly shownBy: readonly Shown[] }

export function addFaq(parent: Command, cli: Cli): void {
  const command = leaf(parent, {
    usage: 'faq [words...]',
    summary: 'questions of the source documents, short answers, the tests that show them',
    examples: ['faq', 'faq several-pages', 'faq token twice', 'faq --json'],
    remarks: 'An id shows its answer; other words choose the questions that hold all of them.',
  })
  const run = (_flags: object, parts: Run) => showFaq(command.args, parts)
  runs(command, { cli, reaches: [], run })
}

async function showFaq(words: readonly string[], { output, shell }: Run): Promise<ExitCode> {
  const chosen = choose(words)
  const sources = await shell.readTests()
  const entries = chosen.map((entry) => ({ ...entry, shownBy: shownBy(entry, sources) }))
  const isCards = words.length > 0 && entries.length <= SHOWN_MAX
  output.data({ entries: entries.map(viewOf) }, (style) =>
    isCards ? entries.flatMap((entry) => cardOf(entry, style)) : tableOf(entries, style),
  )
  const [first] = entries
  if (!isCards && first) output.next(`pnpm otn faq ${first.id}`)
  return exitCodes.ok
}

function choose(words: readonly string[]): readonly FaqEntry[] {
  const [word] = words
  if (word === undefined) return faq
  const named = words.length === 1 ? faq.filter(({ id }) => id === word) : []
  if (named.length > 0) return named
  const wanted = words.map((one) => one.toLowerCase())
  const found = faq.filter(({ id, question, answer, requirements: ids }) => {
    const text = [id, question, answer, ...ids].join('\n').toLowerCase()
    return wanted.every((one) => text.includes(one))
  })
  if (found.length > 0) return found
  const near = nearest(
    word,
    faq.map(({ id }) => id),
  )
  const like = near.length === 0 ? '' : `; near it: ${near.join(', ')}`
  const got = JSON.stringify(words.join(' '))
  throw usage('<words>', { got, wanted: `an id or words of a question${like}` })
}

/** The tests of its files that carry an id of it, with what they said when they ran. */
function shownBy(entry: FaqEntry, { mentions, runs }: SeedsSources): readonly Shown[] {
  const ids = new Set(entry.requirements)
  const rows = requirements.filter(({ id }) => ids.has(id))
  const report = seedsReport({ requirements: rows, mentions, runs })
  return report.rows.flatMap(({ requirement, tests }) =>
    tests
      .filter(({ file }) => entry.tests.includes(file))
      .map((one) => ({ ...one, id: requirement.id })),
  )
}

function viewOf({ id, question, answer, requirements: ids, shownBy: tests }: Answered) {
  return {
    ...{ id, question, answer, requirements: ids },
    tests: tests.map(({ id: of, file, line, title, result }) => {
      return { id: of, file, line, title, result }
    }),
  }
}

function tableOf(entries: readonly Answered[], style: Style): readonly string[] {
  const rows = entries.map(({ id, question, shownBy: { length } }) => {
    return [id, question, String(length)]
  })
  const [head = '', ...lines] = table(HEADINGS, rows)
  return [style.bold(head), ...lines]
}

function cardOf(entry: Answered, style: Style): readonly string[] {
  const { question, answer, requirements: ids, shownBy: tests } = entry
  const where = tests.map(({ file, line, title, result }) => {
    return `  ${result}  ${title}  ${style.dim(`${file}:${line}`)}`
  })
  return [
    style.bold(question),
    ...['', answer, ''],
    ...pairs([['  rests on', `${ids.join(', ')} (pnpm otn seeds ${ids.join(' ')})`]]),
    ...(where.length === 0 ? ['  Nothing shows it yet.'] : where),
    '',
  ]
}
