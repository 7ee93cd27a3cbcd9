import type { Command } from 'commander'
import { ledgerSettings } from '../cli-settings.ts'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import { callService, type JsonObject } from '../http/call-service.ts'
import { showInstant } from '../output/instant.ts'
import { table } from '../output/table.ts'
import { choiceFlag, wholeFlag } from './flags.ts'
import { type Cli, leaf, type Run, runs } from './leaf.ts'
import { TOKEN_STATES } from './token-states.ts'

const LIMIT_MAX = 200

interface ListFlags {
  readonly page: string
  readonly topic?: string
  readonly state?: string
  readonly after?: string
  readonly limit?: string
}

export function addPersonList(parent: Command, cli: Cli): void {
  const command = leaf(parent, {
    usage: 'list',
    summary: 'who agreed to receive messages of a page: Meta has no such list',
    examples: [
      'person list --page 1000 --topic restock-1234 --state live',
      'person list --page 1000 --json',
    ],
    remarks: 'People stand under the pseudonym that they have on this page.',
  })
  command
    .requiredOption('--page <id>', 'page id')
    .option('--topic <topic>', 'only with a token for this topic')
    .option('--state <state>', `only with a token in this state: ${TOKEN_STATES.join(', ')}`)
    .option('--after <cursor>', 'go on after an earlier answer')
    .option('--limit <count>', 'at most so many')
  runs<ListFlags>(command, { cli, reaches: ['ledger'], run: list })
}

async function list(flags: ListFlags, { context, output, shell }: Run): Promise<ExitCode> {
  const { page, topic, after, limit } = flags
  const state = choiceFlag('--state', { text: flags.state, of: TOKEN_STATES })
  if (limit !== undefined) wholeFlag('--limit', { text: limit, min: 1, max: LIMIT_MAX })
  const door = { name: 'token-ledger', fetch: shell.fetch, ...context.read(ledgerSettings) }
  const path = `/v1/pages/${encodeURIComponent(page)}/persons`
  const answer = await callService(door, { path, query: { topic, state, after, limit } })
  const people: readonly JsonObject[] = Array.isArray(answer.items) ? answer.items : []
  output.data(answer, (style) => {
    const columns = ['person', 'tokens', 'live', 'last agreed', 'topics']
    const [head = '', ...lines] = table(columns, people.map(rowOf))
    return [style.bold(head), ...lines]
  })
  output.say(people.length === 1 ? '1 person' : `${people.length} people`)
  if (typeof answer.next === 'string') output.say(`more: --after ${answer.next}`)
  const [first] = people
  if (first) output.next(`pnpm otn token list --page ${page} --person ${first.person}`)
  return exitCodes.ok
}

function rowOf({ person, tokens, live, lastGrantedAt, topics }: JsonObject): readonly string[] {
  const at = typeof lastGrantedAt === 'number' ? showInstant(lastGrantedAt) : '-'
  const named = Array.isArray(topics) ? topics.join(', ') : ''
  return [String(person), String(tokens), String(live), at, named === '' ? '-' : named]
}
