import type { Command } from 'commander'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import { choose } from '../kept/choose.ts'
import type { KeptEntry } from '../kept/kept-entry.ts'
import { readIdentity } from '../kept/keys.ts'
import { readKept } from '../kept/read-kept.ts'
import { withLog } from '../kept/with-log.ts'
import { table } from '../output/table.ts'
import { publishDrop } from '../quarantine/drop.ts'
import { confirm } from './confirm.ts'
import { addChoiceOptions, becauseOf, byOf, type ChoiceFlags, choiceOf } from './kept-flags.ts'
import { type Cli, leaf, type Run, runs } from './leaf.ts'

interface DropFlags extends ChoiceFlags {
  readonly because: string
}

export function addQuarantineDrop(parent: Command, cli: Cli): void {
  const command = leaf(parent, {
    usage: 'drop [ids...]',
    summary: 'give quarantined items up: what consent they carry is never used',
    examples: [
      'quarantine drop --reason body-not-json --because "a scanner of ours" --dry-run',
      'quarantine drop 19342fe8002e6df3cf684809ae863aef --because "a test call" --yes',
    ],
    remarks:
      'Marks them; their bytes stay, sealed, until the Kafka topic’s retention takes them. The\n' +
      'same thing delivered again stays dropped.',
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
  return withLog(run, async ({ log }) => {
    const { signal } = shell
    const entries = await readKept({ log, keptIn: 'quarantine', signal })
    const chosen = choose(entries, { choice, keptIn: 'quarantine' })
    const isWanted = !flags.dryRun && chosen.length > 0
    if (isWanted) {
      if (!flags.yes) for (const line of planLines(chosen)) output.say(line)
      const counted = chosen.length === 1 ? '1 entry' : `${chosen.length} entries`
      const sentence = `${counted} will be dropped: what consent stands in it is never used.`
      await confirm(shell, { sentence, isYes: flags.yes ?? false })
      const onProgress = (done: number, of: number) => output.say(`${done} of ${of} dropped`)
      const nowMs = shell.nowMs()
      await publishDrop(chosen, { log, signal, identity, by, dropReason, nowMs, onProgress })
    }
    const dropped = chosen.map(({ eventId, pageId, reason }) => ({ eventId, pageId, reason }))
    output.data({ published: isWanted, dropped }, () => planLines(chosen))
    output.say(`${chosen.length} ${isWanted ? 'dropped' : 'would be dropped'}`)
    return exitCodes.ok
  })
}

function planLines(entries: readonly KeptEntry[]): readonly string[] {
  const groups = Map.groupBy(entries, ({ pageId, reason }) => `${pageId}\n${reason}`)
  const rows = [...groups.values()].map(([first, ...rest]) => [
    first?.pageId ?? null,
    first?.reason ?? null,
    String(rest.length + 1),
  ])
  return rows.length === 0 ? ['nothing to drop'] : table(['page', 'reason', 'entries'], rows)
}
