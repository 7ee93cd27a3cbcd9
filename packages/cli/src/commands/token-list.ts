import type { Command } from 'commander'
import { ledgerSettings } from '../cli-settings.ts'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import { callService, type JsonObject } from '../http/call-service.ts'
import { fieldText } from '../output/field-lines.ts'
import { table } from '../output/table.ts'
import { choiceFlag, instantFlag, usage, wholeFlag } from './flags.ts'
import { type Cli, leaf, type Run, runs } from './leaf.ts'
import { TOKEN_STATES } from './token-states.ts'

const COLUMNS = ['tokenId', 'topic', 'state', 'expiresAt', 'person'] as const
const LIMIT_MAX = 200

interface ListFlags {
  readonly page: string
  readonly person?: string
  readonly psid?: string
  readonly topic?: string
  readonly unmapped?: boolean
  readonly state?: string
  readonly expiresBefore?: string
  readonly after?: string
  readonly limit?: string
}

export function addTokenList(parent: Command, cli: Cli): void {
  const command = leaf(parent, {
    usage: 'list',
    summary: 'tokens of a page, or of one person',
    examples: [
      'token list --page 1000 --state live --topic restock-1234',
      'token list --page 1000 --psid 2000',
      'token list --page 1000 --expires-before 30d --json',
    ],
  })
  command
    .requiredOption('--page <id>', 'page id')
    .option('--person <id>', 'one person, by pseudonym')
    .option('--psid <id>', 'one person, as the page knows them')
    .option('--topic <topic>', 'only for this topic')
    .option('--unmapped', 'only those that no rule names a topic for')
    .option('--state <state>', `only in this state: ${TOKEN_STATES.join(', ')}`)
    .option('--expires-before <when>', 'only those that expire earlier: 30d, or an instant')
    .option('--after <cursor>', 'go on after an earlier answer')
    .option('--limit <count>', 'at most so many')
  runs<ListFlags>(command, { cli, reaches: ['ledger'], run: listTokens })
}

async function listTokens(flags: ListFlags, { context, output, shell }: Run): Promise<ExitCode> {
  const call = callFor(flags, shell.nowMs())
  const door = { name: 'token-ledger', fetch: shell.fetch, ...context.read(ledgerSettings) }
  const answer = await callService(door, call)
  const tokens = tokensOf(answer)
  output.data(answer, (style) => {
    const rows = tokens.map((token) => COLUMNS.map((name) => fieldText(name, token[name])))
    const [head = '', ...lines] = table(COLUMNS, rows)
    return [style.bold(head), ...lines]
  })
  output.say(tokens.length === 1 ? '1 token' : `${tokens.length} tokens`)
  if (typeof answer.next === 'string') output.say(`more: --after ${answer.next}`)
  if (typeof tokens[0]?.tokenId === 'string') output.next(`pnpm otn explain ${tokens[0].tokenId}`)
  return exitCodes.ok
}

function callFor(flags: ListFlags, nowMs: number) {
  const { page, psid, person, topic, after, limit } = flags
  const state = choiceFlag('--state', { text: flags.state, of: TOKEN_STATES })
  if (psid !== undefined && person !== undefined) {
    throw usage('--psid', { got: 'it and --person', wanted: 'one of them' })
  }
  const text = flags.expiresBefore
  const before = instantFlag('--expires-before', { text, nowMs, unsigned: 'future' })
  if (topic !== undefined && flags.unmapped) {
    throw usage('--unmapped', { got: 'it and --topic', wanted: 'one of them' })
  }
  if (limit !== undefined) wholeFlag('--limit', { text: limit, min: 1, max: LIMIT_MAX })
  const who = psid ?? person
  const expiresBefore = before === undefined ? undefined : String(before)
  const unmapped = flags.unmapped ? 'true' : undefined
  const query = { topic, unmapped, state, expiresBefore, after, limit }
  const ofPage = `/v1/pages/${encodeURIComponent(page)}`
  const ofPerson = who === undefined ? '' : `/persons/${encodeURIComponent(who)}`
  return { path: `${ofPage}${ofPerson}/tokens`, query }
}

function tokensOf(answer: JsonObject): readonly JsonObject[] {
  return Array.isArray(answer.items) ? answer.items : []
}
