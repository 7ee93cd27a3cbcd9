import type { Command } from 'commander'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import { choose } from '../kept/choose.ts'
import { hindranceLines } from '../kept/hindrance-lines.ts'
import { readIdentity } from '../kept/keys.ts'
import { readKept } from '../kept/read-kept.ts'
import { withLog } from '../kept/with-log.ts'
import { table } from '../output/table.ts'
import { type CommandEnd, type PlannedDrop, planDrop, publishDrop } from '../parked/drop.ts'
import { confirm } from './confirm.ts'
import { addChoiceOptions, becauseOf, byOf, type ChoiceFlags, choiceOf } from './kept-flags.ts'
import { type Cli, leaf, type Run, runs } from './leaf.ts'

interface DropFlags extends ChoiceFlags {
  readonly because: string
}

const ENDS: Readonly<Record<CommandEnd, string>> = {
  cancelled: 'cancelled: whoever asked learns it from the dispatcher',
  'has-its-own': 'left alone: a command of its id stands elsewhere or has its own end',
  nameless: 'no fact: it names no ids, so whoever asked learns nothing',
  none: 'no fact: such messages have no final one',
}

export function addParkedDrop(parent: Command, cli: Cli): void {
  const command = leaf(parent, {
    usage: 'drop [ids...]',
    summary: 'give parked messages up; a Notify whose ids could be read ends as cancelled',
    examples: [
      'parked drop --reason malformed --because "not ours" --dry-run',
      'parked drop 19342fe8002e6df3cf684809ae863aef --because "asked for again" --yes',
    ],
    remarks:
      'Marks them; their bytes stay, sealed, until the Kafka topic’s retention takes them.\n' +
      'Where ids can be read a cancel is published, and the dispatcher writes the final fact:\n' +
      'the command’s id is then used up. Ends with 1 where something cannot be dropped.',
  })
  addChoiceOptions(command)
  command.requiredOption('--because <text>', 'why; it stands on the log, so it names nobody')
  const run = (flags: DropFlags, parts: Run) => drop(flags, command.args, parts)
  runs<DropFlags>(command, { cli, reaches: ['kafka', 'registry'], run })
}

async function drop(flags: DropFlags, ids: readonly string[], run: Run): Promise<ExitCode> {
  const { context, output, shell } = run
  const choice = choiceOf(flags, ids)
  const dropReason = becauseOf(flags.because)
  const identity = readIdentity(context)
  const by = byOf(flags, shell)
  return withLog(run, async ({ log, prefix }) => {
    const { signal } = shell
    const all = await readKept({ log, keptIn: 'parked', signal })
    const chosen = choose(all, { choice, keptIn: 'parked' })
    const planned = await planDrop(chosen, { log, signal, prefix, all })
    const droppable = planned.filter(({ hindrance }) => hindrance === null)
    const isWanted = !flags.dryRun && droppable.length > 0
    if (isWanted) {
      if (!flags.yes) for (const line of planLines(planned)) output.say(line)
      await confirm(shell, { sentence: sentenceOf(droppable), isYes: flags.yes ?? false })
      const onProgress = (done: number, of: number) => output.say(`${done} of ${of} dropped`)
      const said = { identity, by, dropReason, nowMs: shell.nowMs() }
      await publishDrop(planned, { log, signal, prefix, ...said, onProgress })
    }
    return report(planned, { isPublished: isWanted, run })
  })
}

function sentenceOf({ length }: readonly PlannedDrop[]): string {
  return `${length === 1 ? '1 entry' : `${length} entries`} will be dropped for good.`
}

interface Reported {
  readonly isPublished: boolean
  readonly run: Run
}

function report(
  planned: readonly PlannedDrop[],
  { isPublished, run: { output } }: Reported,
): ExitCode {
  const entries = planned.map(({ entry, ...rest }) => ({
    ...{ eventId: entry.eventId, pageId: entry.pageId, reason: entry.reason },
    ...{ commandId: entry.commandId },
    ...rest,
  }))
  const left = planned.filter(({ hindrance }) => hindrance !== null).length
  const counts = { dropped: planned.length - left, left }
  output.data({ published: isPublished, ...counts, entries }, () => planLines(planned))
  output.say(`${counts.dropped} ${isPublished ? 'dropped' : 'would be dropped'}, ${left} left`)
  const named = planned.find(({ end, hindrance }) => end === 'cancelled' && hindrance === null)
  if (isPublished && named) {
    const { commandId, pageId } = named.entry
    output.next(`pnpm otn explain ${commandId} --page ${pageId}`)
  }
  return left > 0 ? exitCodes.failed : exitCodes.ok
}

function planLines(planned: readonly PlannedDrop[]): readonly string[] {
  const droppable = planned.filter(({ hindrance }) => hindrance === null)
  const groups = Map.groupBy(droppable, ({ entry: { pageId, reason }, end }) =>
    [pageId, reason, end].join('\n'),
  )
  const rows = [...groups.values()].map(([first, ...rest]) => [
    first?.entry.pageId ?? null,
    first?.entry.reason ?? null,
    String(rest.length + 1),
    first === undefined ? null : ENDS[first.end],
  ])
  const hindered = planned.map(({ entry, hindrance }) => ({
    entry,
    hindrances: hindrance === null ? [] : [hindrance],
  }))
  return [
    ...(rows.length === 0
      ? ['nothing to drop']
      : table(['page', 'reason', 'entries', 'their commands'], rows)),
    ...hindranceLines(hindered),
  ]
}
