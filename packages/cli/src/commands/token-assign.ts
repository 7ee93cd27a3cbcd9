import type { Command } from 'commander'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import { printable } from '../output/printable.ts'
import { table } from '../output/table.ts'
import { withPage } from '../pages/change-page.ts'
import { topicName } from '../pages/topic-entry.ts'
import { assignable, type Held, heldTokens, unmappedTokens } from '../tokens/held-tokens.ts'
import { publishAssignments } from '../tokens/publish-assignments.ts'
import { confirm } from './confirm.ts'
import { usage } from './flags.ts'
import { type Cli, leaf, type Run, runs } from './leaf.ts'

interface AssignFlags {
  readonly page: string
  readonly topic: string
  readonly unmapped?: boolean
  readonly yes?: boolean
  readonly dryRun?: boolean
}

export function addTokenAssign(parent: Command, cli: Cli): void {
  const id = '19342fe8002e6df3cf684809ae863aef'
  const command = leaf(parent, {
    usage: 'assign [ids...]',
    summary: 'name the topic that people agreed to with tokens held already',
    examples: [
      `token assign --page 1000 --topic restock-1234 ${id} --yes`,
      'token assign --page 1000 --topic restock-1234 --unmapped --dry-run',
    ],
    remarks:
      'For tokens whose payload no rule named, or a wrong one. What is written is a fact that\n' +
      'holds from then on; a changed rule never moves a token. The topic has to be declared.\n' +
      'Only live tokens are assigned. It says what a person agreed to, and makes nobody agree.',
  })
  command
    .requiredOption('--page <id>', 'page id')
    .requiredOption('--topic <topic>', 'the topic that they were given for')
    .option('--unmapped', 'every live token of the page that no rule named, in place of ids')
    .option('--dry-run', 'show which tokens, and publish nothing')
    .option('--yes', 'do not ask')
  const run = (flags: AssignFlags, parts: Run) => assign(flags, command.args, parts)
  runs<AssignFlags>(command, { cli, reaches: ['kafka', 'registry', 'ledger'], run })
}

async function assign(flags: AssignFlags, ids: readonly string[], run: Run): Promise<ExitCode> {
  check(flags, ids)
  const { topic } = flags
  return withPage(flags.page, run, async ({ pageId, page, log }) => {
    if (!page.topics.has(topic)) {
      const wanted = `a topic that page ${pageId} declared: pnpm otn catalogue declare`
      throw usage('--topic', { got: JSON.stringify(topic), wanted })
    }
    const held = flags.unmapped
      ? await unmappedTokens(pageId, run)
      : await heldTokens(ids, { pageId, run })
    const { open, skipped } = assignable(held, topic)
    if (open.length > 0 && !flags.dryRun) {
      const count = open.length === 1 ? '1 token' : `${open.length} tokens`
      const sentence = `${count} of page ${pageId} will count as consent to ${topic}.`
      await confirm(run.shell, { sentence, isYes: flags.yes ?? false })
      await publishAssignments(open, { topic, pageId, log, run })
    }
    report({ flags, open, skipped, pageId }, run)
    return exitCodes.ok
  })
}

interface Reported {
  readonly flags: AssignFlags
  readonly pageId: string
  readonly open: readonly Held[]
  readonly skipped: readonly (Held & { readonly why: string })[]
}

function report({ flags, pageId, open, skipped }: Reported, { output }: Run): void {
  const { topic, dryRun = false } = flags
  const told = (token: Held) => ({ tokenId: token.tokenId, from: token.topic, state: token.state })
  const assigned = open.map(told)
  const left = skipped.map((token) => ({ ...told(token), why: token.why }))
  const answer = { pageId, topic, published: !dryRun, assigned, skipped: left }
  output.data(answer, (style) => {
    const rows = [
      ...assigned.map(({ tokenId, from }) => [dryRun ? 'would' : 'assigned', tokenId, from]),
      ...left.map(({ tokenId, from, why }) => [`left: ${why}`, tokenId, from]),
    ]
    const [head = '', ...lines] = table(['what', 'token', 'topic before'], rows)
    return rows.length === 0 ? ['no such token'] : [style.bold(head), ...lines]
  })
  output.say(`${open.length} ${dryRun ? 'would be assigned' : 'assigned'}, ${left.length} left`)
  output.next(`pnpm otn token list --page ${pageId} --topic ${printable(topic)}`)
}

function check({ topic, unmapped = false }: AssignFlags, ids: readonly string[]): void {
  const named = topicName.safeParse(topic)
  if (!named.success) {
    const [issue] = named.error.issues
    throw usage('--topic', { got: JSON.stringify(topic), wanted: issue?.message ?? 'a topic' })
  }
  if (unmapped === ids.length > 0) {
    const got = unmapped ? 'ids and --unmapped' : 'neither ids nor --unmapped'
    throw usage('<ids>', { got, wanted: 'one of them' })
  }
  const wrong = ids.find((id) => !/^[0-9a-f]{32}$/.test(id))
  if (wrong !== undefined) {
    const got = `a text of ${wrong.length} characters`
    throw usage('<ids>', { got, wanted: 'token ids: 32 hex digits, not the tokens themselves' })
  }
}
