/** The figures of docs/benchmarks.md, made of the kept runs and of nothing else. */
import { type Answer, aimed, type Run, told } from './run.ts'

const BEGIN = '<!-- figures: made by `pnpm bench page` from infra/benchmarks/results -->'
const END = '<!-- end of figures -->'
const NONE = 'No run of a quiet machine is kept yet.'

/** Of each benchmark, by name, the runs of the version that was measured last. */
export function newestRuns(runs: readonly Run[]): readonly (readonly Run[])[] {
  const byName = Map.groupBy(runs, ({ benchmark }) => benchmark)
  return [...byName.keys()].toSorted().map((name) => {
    const own = byName.get(name) ?? []
    const newest = own.reduce((last, run) => (last.startedAt > run.startedAt ? last : run))
    return own.filter(({ version }) => version === newest.version)
  })
}

/** @throws Error where the page lacks the marks between which the figures stand */
export function withFigures(page: string, runs: readonly Run[]): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)]
  if (begin < 0 || end < begin) throw new Error('docs/benchmarks.md lacks the marks of its figures')
  const sections = newestRuns(runs).map(section)
  const figures = sections.length === 0 ? NONE : sections.join('\n\n')
  return `${page.slice(0, begin)}${BEGIN}\n\n${figures}\n\n${page.slice(end)}`
}

export function pictureName({ benchmark }: Pick<Run, 'benchmark'>): string {
  return `bench-${benchmark}.svg`
}

function section(runs: readonly Run[]): string {
  const [first] = runs
  if (first === undefined) return ''
  const { benchmark, sentence, version, amounts } = first
  const said = Object.entries(amounts).map(([name, amount]) => `${name} ${amount}`)
  const rows = first.answers.map((_, at) =>
    row(runs.flatMap((run) => run.answers.slice(at, at + 1))),
  )
  return [
    `### ${benchmark}`,
    '',
    `${sentence}. Version \`${version}\`; ${said.join(', ')}.`,
    '',
    `![${sentence}](pictures/${pictureName(first)})`,
    '',
    '| question | goal | ratio of each run | control of each run | |',
    '|--|--|--|--|--|',
    ...rows,
    '',
    ...runs.map(sayRun),
  ].join('\n')
}

function sayRun({ startedAt, machine, remarks }: Run): string {
  return [`- ${startedAt.slice(0, 10)}: ${machine}`, ...remarks].join('; ')
}

function row(answers: readonly Answer[]): string {
  const [first] = answers
  if (first === undefined) return ''
  const cells = [
    first.question.name,
    aimed(first.question),
    answers.map(({ ratio }) => told(ratio)).join('<br>'),
    answers.map(({ control }) => told(control)).join('<br>'),
    answers.map(({ word }) => word).join('<br>'),
  ]
  return `| ${cells.join(' | ')} |`
}
