import type { Command } from 'commander'
import { dispatcherSettings } from '../cli-settings.ts'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import { callService, type JsonObject } from '../http/call-service.ts'
import { showAge, showInstant } from '../output/instant.ts'
import { table } from '../output/table.ts'
import { wholeFlag } from './flags.ts'
import { type Cli, leaf, type Run, runs } from './leaf.ts'

const HEADINGS = ['age', 'page', 'command', 'attempt', 'topic', 'token', 'why', 'code', 'settles']
const LIMIT_MAX = 500

interface ListFlags {
  readonly page?: string
  readonly after?: string
  readonly limit?: string
}

export function addDoubtList(parent: Command, cli: Cli): void {
  const command = leaf(parent, {
    usage: 'list',
    summary: 'commands of which nobody knows whether their message is out, oldest first',
    examples: ['doubt list', 'doubt list --page 1000', 'doubt list --json'],
    remarks: 'What the platform answered stands in --json, and in explain.',
  })
  command
    .option('--page <id>', 'only of this page')
    .option('--after <cursor>', 'go on after an earlier answer')
    .option('--limit <count>', 'at most so many')
  runs<ListFlags>(command, { cli, reaches: ['dispatcher'], run: listDoubts })
}

async function listDoubts(flags: ListFlags, { context, output, shell }: Run): Promise<ExitCode> {
  const { page, after, limit } = flags
  if (limit !== undefined) wholeFlag('--limit', { text: limit, min: 1, max: LIMIT_MAX })
  const door = { name: 'dispatcher', fetch: shell.fetch, ...context.read(dispatcherSettings) }
  const answer = await callService(door, { path: '/v1/doubts', query: { page, after, limit } })
  const doubts = doubtsOf(answer)
  output.data(answer, (style) => {
    const [head = '', ...lines] = table(
      HEADINGS,
      doubts.map((doubt) => rowOf(doubt, shell.nowMs())),
    )
    return [style.bold(head), ...lines]
  })
  output.say(doubts.length === 1 ? '1 doubt' : `${doubts.length} doubts`)
  if (typeof answer.next === 'string') output.say(`more: --after ${answer.next}`)
  const [oldest] = doubts
  if (oldest) output.next(`pnpm otn explain ${oldest.commandId} --page ${oldest.pageId}`)
  return exitCodes.ok
}

function rowOf(doubt: JsonObject, nowMs: number): readonly (string | null)[] {
  const { since, pageId, commandId, attempt, topic, tokenId, reason } = doubt
  const age = typeof since === 'number' ? showAge(nowMs - since) : null
  const named = [pageId, commandId, attempt, topic, tokenId, reason].map(text)
  return [age, ...named, codeOf(doubt), waysOf(doubt)]
}

function codeOf({ graphCode, graphSubcode }: JsonObject): string | null {
  const code = text(graphCode)
  return graphSubcode === null || graphSubcode === undefined ? code : `${code}/${graphSubcode}`
}

/** What may still settle it; a probe with the instant before which it does not come. */
function waysOf({ settles, probeAt }: JsonObject): string | null {
  if (!Array.isArray(settles)) return null
  const ways = settles.map((way) =>
    way === 'probe' && typeof probeAt === 'number' ? `probe from ${showInstant(probeAt)}` : way,
  )
  return ways.join(', ')
}

function text(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value)
}

function doubtsOf(answer: JsonObject): readonly JsonObject[] {
  return Array.isArray(answer.items) ? answer.items : []
}
