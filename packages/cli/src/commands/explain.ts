import type { OpenedLog } from '@otn/bus'
import type { Command } from 'commander'
import { ledgerSettings, logSettings } from '../cli-settings.ts'
import { CliError, type ExitCode, exitCodes } from '../exit-code.ts'
import { callFacts } from '../explain/call-facts.ts'
import { commandVerdict } from '../explain/command-verdict.ts'
import { factLine, factView } from '../explain/fact-line.ts'
import { STORY_TOPICS, type StoryFact, type StoryRecord, storyOf } from '../explain/story.ts'
import { type Subject, subjectOf } from '../explain/subject.ts'
import { tokenVerdict } from '../explain/token-verdict.ts'
import { callService } from '../http/call-service.ts'
import { readLog } from '../log/read-log.ts'
import { printable } from '../output/printable.ts'
import { type Cli, leaf, type Run, runs } from './leaf.ts'

const CLOSE_MS = 5_000

interface ExplainFlags {
  readonly page?: string
}

export function addExplain(parent: Command, cli: Cli): void {
  const command = leaf(parent, {
    usage: 'explain <id>',
    summary: 'the story of a command or a token, and what can happen next',
    examples: [
      'explain restock-1234:2000 --page 1000',
      'explain 19342fe8002e6df3cf684809ae863aef',
      'explain 0190a6d2-7c3e-7b1a-9c44-3a2f5d6e7f80 --json',
    ],
    remarks: 'Reads the log itself, so it tells the truth also while services are down.',
  })
  command.option('--page <id>', 'where two pages have a command of this id')
  const run = (flags: ExplainFlags, parts: Run) =>
    explain(command.args[0] ?? '', { ...parts, flags })
  runs<ExplainFlags>(command, { cli, reaches: ['kafka', 'registry', 'ledger'], run })
}

type ExplainRun = Run & { readonly flags: ExplainFlags }

async function explain(id: string, run: ExplainRun): Promise<ExitCode> {
  const { context, output, shell, flags } = run
  const log = await shell.openLog(context.read(logSettings))
  const records = await collect(id, { log, signal: shell.signal })
  const story = storyOf(records)
  const { kind, facts } = found(subjectOf(id, { story, page: flags.page ?? null }), id)
  const isToken = kind === 'token'
  const verdict = isToken ? tokenVerdict(facts, shell.nowMs()) : commandVerdict(facts)
  const ledger = isToken ? await ledgerState(id, run) : null
  const views = facts.map(factView)
  const pageId = views[0]?.record.pageId ?? null
  output.data({ kind, id, pageId, verdict, ledger, facts: views }, (style) => [
    style.bold(`${kind} ${printable(id)}  page ${printable(String(pageId))}`),
    style.marked(verdict.mark, `${verdict.state}: ${verdict.sentence}`),
    ...(ledger === null ? [] : [`  the ledger says: ${ledger}`]),
    '',
    ...views.map((view) => factLine(view, id)),
    '',
    ...verdict.next.map((line) => `${style.dim('then:')} ${line}`),
  ])
  suggest(facts, { id, run })
  return exitCodes.ok
}

async function collect(
  id: string,
  { log, signal }: { readonly log: OpenedLog; readonly signal: AbortSignal },
): Promise<readonly StoryRecord[]> {
  const records: StoryRecord[] = []
  // The id stands in the bytes as it is, so most records need no decoding. A withdrawal by person
  // or topic names no token and may concern this one all the same.
  const needles = [Buffer.from(id, 'utf8'), Buffer.from('ConsentWithdrawn')]
  try {
    await readLog(log, {
      topics: STORY_TOPICS,
      until: 'end',
      signal,
      wants: (value) => needles.some((needle) => value.includes(needle)),
      onRecord: (record) => void records.push(record),
    })
    return records
  } finally {
    await log.bus.close(CLOSE_MS)
  }
}

type Found = Extract<Subject, { readonly facts: unknown }>

function found(subject: Subject, id: string): Found {
  if (subject.kind === 'nothing') {
    const message = `nothing on the log speaks of ${JSON.stringify(id)}`
    throw new CliError(exitCodes.notFound, message, 'pnpm otn tail all --since 1h')
  }
  if (subject.kind === 'several-pages') {
    const pages = subject.pages.join(', ')
    const message = `several pages have a command ${JSON.stringify(id)}: ${pages}`
    throw new CliError(exitCodes.usage, message, `pnpm otn explain ${id} --page <page>`)
  }
  return subject
}

/** What the ledger answers; a ledger that is away must not hide the story. */
async function ledgerState(id: string, { context, output, shell }: Run): Promise<string | null> {
  if (!context.has('OTN_LEDGER_URL')) return null
  try {
    const door = { name: 'token-ledger', fetch: shell.fetch, ...context.read(ledgerSettings) }
    const { state } = await callService(door, { path: `/v1/tokens/${id}` })
    return typeof state === 'string' ? state : null
  } catch (error) {
    if (!(error instanceof CliError)) throw error
    if (error.exitCode === exitCodes.notFound) return 'not known yet'
    output.say(error.message)
    return null
  }
}

function suggest(
  facts: readonly StoryFact[],
  { id, run: { output } }: { readonly id: string; readonly run: Run },
): void {
  const named = callFacts(facts)
  const token = named.find(({ tokenId }) => tokenId && tokenId !== id)?.tokenId
  if (token) {
    output.next(`pnpm otn explain ${token}`)
    return
  }
  const command = named.find(({ commandId }) => commandId !== id)
  if (command) output.next(`pnpm otn explain ${command.commandId} --page ${command.pageId}`)
}
