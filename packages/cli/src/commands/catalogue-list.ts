import type { Command } from 'commander'
import { ledgerSettings } from '../cli-settings.ts'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import { callService, type JsonObject } from '../http/call-service.ts'
import { fieldText } from '../output/field-lines.ts'
import { table } from '../output/table.ts'
import { type Cli, leaf, type Run, runs } from './leaf.ts'

const TOPIC = ['topic', 'isDeclared', 'tokens', 'live', 'mayNotify', 'category', 'purpose'] as const
const RULE = ['priority', 'ruleId', 'ruleKind', 'pattern', 'topic'] as const

interface ListFlags {
  readonly page: string
}

export function addCatalogueList(parent: Command, cli: Cli): void {
  const command = leaf(parent, {
    usage: 'list',
    summary: 'topics of a page, the tokens on each, and the rules that name them',
    examples: ['catalogue list --page 1000', 'catalogue list --page 1000 --json'],
    remarks: 'Topic - = tokens that no rule names a topic for: nothing is ever sent with them.',
  })
  command.requiredOption('--page <id>', 'page id')
  runs<ListFlags>(command, { cli, reaches: ['ledger'], run: list })
}

async function list({ page }: ListFlags, { context, output, shell }: Run): Promise<ExitCode> {
  const door = { name: 'token-ledger', fetch: shell.fetch, ...context.read(ledgerSettings) }
  const answer = await callService(door, { path: `/v1/pages/${encodeURIComponent(page)}/topics` })
  const topics = listOf(answer.topics)
  const rules = listOf(answer.rules).toSorted((a, b) => priorityOf(a) - priorityOf(b))
  output.data(answer, (style) => {
    const [head = '', ...lines] = tableOf(TOPIC, topics)
    const [ruleHead = '', ...ruleLines] = tableOf(RULE, rules)
    const shown = [style.bold(head), ...lines]
    return rules.length === 0 ? shown : [...shown, '', style.bold(ruleHead), ...ruleLines]
  })
  output.say(`${topics.length} topics, ${rules.length} rules (version ${answer.rulesVersion})`)
  if (topics.some(({ topic }) => topic === null)) {
    output.next(`pnpm otn token assign --page ${page} --unmapped --topic TOPIC`)
  }
  return exitCodes.ok
}

function tableOf(columns: readonly string[], rows: readonly JsonObject[]): readonly string[] {
  const cells = rows.map((row) => columns.map((name) => fieldText(name, row[name])))
  return table(columns, cells)
}

function priorityOf({ priority }: JsonObject): number {
  return typeof priority === 'number' ? priority : Number.POSITIVE_INFINITY
}

function listOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value : []
}
