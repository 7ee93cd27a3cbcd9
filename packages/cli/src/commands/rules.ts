/** The rules of the policy, as data: what each rests on, says, and is shown by. */
import { isReasonCode, reasons } from '@otn/contracts'
import { notifyRules, type Rule, type RuleSet, requestRules, rulesVersionOf } from '@otn/policy'
import type { RuleTest } from '@otn/seeds'
import type { Command } from 'commander'
import { CliError, type ExitCode, exitCodes } from '../exit-code.ts'
import type { Style } from '../output/output.ts'
import { pairs, table } from '../output/table.ts'
import { nearest } from '../why/nearest.ts'
import { type Cli, leaf, type Run, runs } from './leaf.ts'

/** A rule as far as it can be told without a situation. */
type ToldRule = Omit<Rule<never>, 'judge'>

interface Placed {
  readonly rule: ToldRule
  readonly set: string
  /** Place in the order in which the set is applied, from 1. */
  readonly place: number
}

const sets: readonly RuleSet<never>[] = [notifyRules, requestRules]
const placed: readonly Placed[] = sets.flatMap(({ name, rules }) =>
  rules.map((rule, index) => ({ rule, set: name, place: index + 1 })),
)
const ids = placed.map(({ rule }) => rule.id)

export function addRulesList(parent: Command, cli: Cli): void {
  const command = leaf(parent, {
    usage: 'list',
    summary: 'every rule in the order in which it is asked, its sentence, its tests',
    examples: ['rules list', 'rules list --json'],
    remarks: 'Reads the tests of the repository. Ends with 1 where a rule has none.',
  })
  runs(command, { cli, reaches: [], run: (_flags: object, parts) => list(parts) })
}

export function addRulesShow(parent: Command, cli: Cli): void {
  const command = leaf(parent, {
    usage: 'show <id>',
    summary: 'what one rule says to whom it stops, what it rests on, and what shows it',
    examples: ['rules show notify-window-open', 'rules show request-title-length --json'],
  })
  const run = (_flags: object, parts: Run) => show(command.args[0] ?? '', parts)
  runs(command, { cli, reaches: [], run })
}

async function list({ output, shell }: Run): Promise<ExitCode> {
  const tests = await shell.readRuleTests(new Set(ids))
  const views = placed.map((one) => viewOf(one, tests))
  const versions = sets.map((set) => rulesVersionOf(set))
  output.data({ rulesVersions: versions, rules: views }, (style) => {
    const cells = placed.map(({ rule, place }, index) => {
      const { id, version, source, reason } = rule
      const shown = String(views[index]?.tests.length ?? 0)
      return [String(place), id, `v${version}`, reason, source.id, source.sentence, shown]
    })
    const [head = '', ...lines] = table(HEADINGS, cells)
    return [style.bold(head), ...lines, '', versions.join(', ')]
  })
  const bare = views.find((view) => view.tests.length === 0)
  if (bare) output.say(`no test names ${bare.id}`)
  return bare ? exitCodes.failed : exitCodes.ok
}

const HEADINGS = ['#', 'rule', 'v', 'reason', 'rests on', 'sentence', 'tests']

async function show(id: string, { output, shell }: Run): Promise<ExitCode> {
  const found = placed.find(({ rule }) => rule.id === id)
  if (found === undefined) throw unknown(id)
  const view = viewOf(found, await shell.readRuleTests(new Set([id])))
  output.data(view, (style) => cardOf(view, style))
  if (isReasonCode(view.reason)) output.next(`pnpm otn why ${view.reason}`)
  return exitCodes.ok
}

type View = ReturnType<typeof viewOf>

function viewOf({ rule, set, place }: Placed, tests: readonly RuleTest[]) {
  const { id, version, source, reason, text, next } = rule
  const own = tests.filter((test) => test.rule === id).map(({ file, line }) => ({ file, line }))
  return { set, place, id, version, source, reason, text, next, tests: own }
}

function cardOf(view: View, style: Style): readonly string[] {
  const { set, place, id, version, source, reason, text, next, tests } = view
  return [
    style.bold(`${id}  version ${version}, ${place} of ${set}`),
    ...pairs([
      ['  rests on', `${source.id}: ${source.sentence}`],
      ['  reason', `${reason}: ${reasons[reason].meaning}`],
      ['  says', text],
      ['  next', next],
    ]),
    ...tests.map(({ file, line }) => `  ${style.dim(`${file}:${line}`)}`),
  ]
}

function unknown(id: string): CliError {
  const near = nearest(id, ids)
  const like = near.length === 0 ? 'pnpm otn rules list names them' : `near it: ${near.join(', ')}`
  return new CliError(exitCodes.notFound, `<id>: got ${JSON.stringify(id)}, wanted a rule; ${like}`)
}
