import type { Command } from 'commander'
import { dispatcherSettings } from '../cli-settings.ts'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import { callService, type JsonObject } from '../http/call-service.ts'
import { fieldLines } from '../output/field-lines.ts'
import { table } from '../output/table.ts'
import { wholeFlag } from './flags.ts'
import { type Cli, leaf, type Run, runs } from './leaf.ts'

const COLUMNS = [
  ...['campaignId', 'state', 'topic', 'recorded', 'sent', 'failed', 'inDoubt', 'cancelled'],
  'waiting',
]
const LIMIT_MAX = 100

interface ShowFlags {
  readonly page: string
}

interface ListFlags extends ShowFlags {
  readonly after?: string
  readonly limit?: string
}

export function addCampaignShow(parent: Command, cli: Cli): void {
  const command = leaf(parent, {
    usage: 'show <campaign>',
    summary: 'how far a campaign is, in numbers',
    examples: ['campaign show spring --page 1000'],
  })
  command.requiredOption('--page <id>', 'page id')
  const run = async ({ page }: ShowFlags, { context, output, shell }: Run): Promise<ExitCode> => {
    const door = { name: 'dispatcher', fetch: shell.fetch, ...context.read(dispatcherSettings) }
    const answer = await callService(door, { path: pathOf(page, command.args[0] ?? '') })
    output.data(answer, () => fieldLines(answer))
    return exitCodes.ok
  }
  runs<ShowFlags>(command, { cli, reaches: ['dispatcher'], run })
}

export function addCampaignList(parent: Command, cli: Cli): void {
  const command = leaf(parent, {
    usage: 'list',
    summary: 'the campaigns of a page, with their numbers',
    examples: ['campaign list --page 1000', 'campaign list --page 1000 --json'],
  })
  command
    .requiredOption('--page <id>', 'page id')
    .option('--after <campaign>', 'go on after an earlier answer')
    .option('--limit <count>', 'at most so many')
  runs<ListFlags>(command, { cli, reaches: ['dispatcher'], run: list })
}

async function list(
  { page, after, limit }: ListFlags,
  { context, output, shell }: Run,
): Promise<ExitCode> {
  if (limit !== undefined) wholeFlag('--limit', { text: limit, min: 1, max: LIMIT_MAX })
  const door = { name: 'dispatcher', fetch: shell.fetch, ...context.read(dispatcherSettings) }
  const answer = await callService(door, { path: pathOf(page), query: { after, limit } })
  const campaigns: readonly JsonObject[] = Array.isArray(answer.items) ? answer.items : []
  output.data(answer, (style) => {
    const rows = campaigns.map((campaign) => COLUMNS.map((name) => text(campaign[name])))
    const [head = '', ...lines] = table(COLUMNS, rows)
    return [style.bold(head), ...lines]
  })
  output.say(campaigns.length === 1 ? '1 campaign' : `${campaigns.length} campaigns`)
  if (typeof answer.next === 'string') output.say(`more: --after ${answer.next}`)
  return exitCodes.ok
}

function pathOf(page: string, campaign?: string): string {
  const all = `/v1/pages/${encodeURIComponent(page)}/campaigns`
  return campaign === undefined ? all : `${all}/${encodeURIComponent(campaign)}`
}

function text(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value)
}
