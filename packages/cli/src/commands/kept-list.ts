/** `quarantine list` and `parked list`: what was set aside, without what it holds. */
import type { Command } from 'commander'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import { choose } from '../kept/choose.ts'
import { type KeptEntry, type KeptIn, keptStates, stateOf } from '../kept/kept-entry.ts'
import { readKept } from '../kept/read-kept.ts'
import { withLog } from '../kept/with-log.ts'
import { showInstant } from '../output/instant.ts'
import { table } from '../output/table.ts'
import { choiceFlag, wholeFlag } from './flags.ts'
import { type Cli, leaf, type Run, runs } from './leaf.ts'

const STATES = [...keptStates, 'all'] as const
const LIMIT = 50
const LIMIT_MAX = 100_000

interface ListFlags {
  readonly page?: string
  readonly reason?: string
  readonly state?: string
  readonly limit?: string
}

export function addQuarantineList(parent: Command, cli: Cli): void {
  addList(parent, { cli, keptIn: 'quarantine', summary: 'items of webhooks that were not used' })
}

export function addParkedList(parent: Command, cli: Cli): void {
  addList(parent, { cli, keptIn: 'parked', summary: 'messages that no retry can help' })
}

interface Listing {
  readonly cli: Cli
  readonly keptIn: KeptIn
  readonly summary: string
}

function addList(parent: Command, { cli, keptIn, summary }: Listing): void {
  const command = leaf(parent, {
    usage: 'list',
    summary: `${summary}, oldest first; what they hold is not shown`,
    examples: [
      `${keptIn} list`,
      `${keptIn} list --page 1000 --state all`,
      `${keptIn} list --reason ${keptIn === 'parked' ? 'unknown-field' : 'page-mismatch'} --json`,
    ],
    remarks: `Without --state: what is open. The last ${LIMIT} unless --limit says otherwise.`,
  })
  command
    .option('--page <id>', 'only of this page')
    .option('--reason <code>', 'only of this reason')
    .option('--state <state>', `one of ${STATES.join(', ')}`)
    .option('--limit <count>', 'at most so many, the newest')
  const run = (flags: ListFlags, parts: Run) => list(flags, keptIn, parts)
  runs<ListFlags>(command, { cli, reaches: ['kafka', 'registry'], run })
}

async function list(flags: ListFlags, keptIn: KeptIn, run: Run): Promise<ExitCode> {
  const { output, shell } = run
  const state = choiceFlag('--state', { text: flags.state, of: STATES }) ?? 'open'
  const text = flags.limit ?? String(LIMIT)
  const limit = wholeFlag('--limit', { text, min: 1, max: LIMIT_MAX })
  const all = await withLog(run, ({ log }) => readKept({ log, keptIn, signal: shell.signal }))
  const { page, reason } = flags
  const choice = { ids: [], page, reason, state: state === 'all' ? undefined : state }
  const chosen = choose(all, { choice, keptIn })
  const shown = chosen.slice(-limit)
  const counts = { chosen: chosen.length, byReason: countsOf(chosen), byState: statesOf(all) }
  output.data({ entries: shown.map(entryView), ...counts }, (style) => {
    const [head = '', ...lines] = table(headings(keptIn), shown.map(rowOf(keptIn)))
    return shown.length === 0 ? ['nothing'] : [style.bold(head), ...lines]
  })
  for (const { reason: code, entries } of counts.byReason) output.say(`${entries} ${code}`)
  if (shown.length < chosen.length) output.say(`${chosen.length - shown.length} older: --limit`)
  const [first] = shown
  if (first) output.next(`pnpm otn ${keptIn} show ${first.eventId}`)
  return exitCodes.ok
}

/** The shape that `--json` gives; fields are only ever added. */
export function entryView(entry: KeptEntry) {
  return { ...entry, state: stateOf(entry) }
}

function headings(keptIn: KeptIn): readonly string[] {
  const common = ['time', 'page', 'reason', 'state', 'times', 'id']
  return keptIn === 'parked' ? [...common, 'command', 'from'] : [...common, 'by']
}

function rowOf(keptIn: KeptIn): (entry: KeptEntry) => readonly (string | null)[] {
  return (entry) => {
    const { at, pageId, reason, times, eventId, commandId, from, source } = entry
    const common = [showInstant(at), pageId, reason, stateOf(entry), String(times), eventId]
    const place = from === null ? null : `${from.kafkaTopic}/${from.partition}@${from.offset}`
    return keptIn === 'parked' ? [...common, commandId, place] : [...common, source]
  }
}

function countsOf(entries: readonly KeptEntry[]) {
  return [...Map.groupBy(entries, ({ reason }) => reason)]
    .map(([reason, { length }]) => ({ reason, entries: length }))
    .toSorted((a, b) => b.entries - a.entries || (a.reason < b.reason ? -1 : 1))
}

function statesOf(entries: readonly KeptEntry[]): Readonly<Record<string, number>> {
  const counts = Map.groupBy(entries, stateOf)
  return Object.fromEntries(keptStates.map((state) => [state, counts.get(state)?.length ?? 0]))
}
