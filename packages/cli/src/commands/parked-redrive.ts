import { kafkaTopics } from '@otn/contracts'
import { DAY_MS } from '@otn/kernel'
import type { Command } from 'commander'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import { choose } from '../kept/choose.ts'
import { type Hindered, hindranceLines } from '../kept/hindrance-lines.ts'
import { readKeys } from '../kept/keys.ts'
import { readKept } from '../kept/read-kept.ts'
import { withLog } from '../kept/with-log.ts'
import { showAge } from '../output/instant.ts'
import { table } from '../output/table.ts'
import { type PlannedMessage, planRedrive, publishRedrive } from '../parked/redrive.ts'
import { confirm } from './confirm.ts'
import { addChoiceOptions, byOf, type ChoiceFlags, choiceOf } from './kept-flags.ts'
import { type Cli, leaf, type Run, runs } from './leaf.ts'

const HEADINGS = ['page', 'Kafka topic', 'messages', 'oldest']

export function addParkedRedrive(parent: Command, cli: Cli): void {
  const command = leaf(parent, {
    usage: 'redrive [ids...]',
    summary: 'send parked messages again as they came: bytes, key and headers',
    examples: [
      'parked redrive --all --dry-run',
      'parked redrive --reason unknown-field --yes',
      'parked redrive 19342fe8002e6df3cf684809ae863aef',
    ],
    remarks:
      'For what another build, or a registry that knows more, can read now: run it with the\n' +
      'release that the services run. A plan is shown first. Nothing is deleted: an entry is\n' +
      'marked once its message is acknowledged, so after Ctrl-C run it again; twice sends once.\n' +
      'Ends with 1 where something was chosen that cannot be sent.',
  })
  addChoiceOptions(command)
  const run = (flags: ChoiceFlags, parts: Run) => redrive(flags, command.args, parts)
  runs<ChoiceFlags>(command, { cli, reaches: ['kafka', 'registry'], run })
}

async function redrive(flags: ChoiceFlags, ids: readonly string[], run: Run): Promise<ExitCode> {
  const { context, output, shell } = run
  const choice = choiceOf(flags, ids)
  const { identity, vault } = readKeys(context)
  const by = byOf(flags, shell)
  return withLog(run, async ({ log, prefix }) => {
    const { signal } = shell
    const entries = await readKept({ log, keptIn: 'parked', signal })
    const chosen = choose(entries, { choice, keptIn: 'parked' })
    const redriving = { log, vault, signal, prefix }
    const planned = await planRedrive(chosen, redriving)
    const usable = planned.filter(({ topic }) => topic !== null)
    if (flags.dryRun || usable.length === 0) return report(planned, { isPublished: false, run })
    const nowMs = shell.nowMs()
    if (!flags.yes) for (const line of planLines(planned, nowMs)) output.say(line)
    // A year later somebody may be told what was true then; whoever says --yes learns it, too.
    for (const line of staleLines(usable, nowMs)) output.say(line)
    await confirm(shell, { sentence: sentenceOf(usable), isYes: flags.yes ?? false })
    const onProgress = (done: number, of: number) => output.say(`${done} of ${of} entries done`)
    await publishRedrive(planned, { ...redriving, identity, by, nowMs, onProgress })
    return report(planned, { isPublished: true, run })
  })
}

function sentenceOf(usable: readonly PlannedMessage[]): string {
  const { length } = usable.filter(({ copy }) => copy === null)
  const counted = length === 1 ? '1 message' : `${length} messages`
  return `${counted} will be sent again, and carried out by whoever reads them.`
}

/** What people were to be told then may be wrong by now. */
const STALE_MS = DAY_MS

function staleLines(usable: readonly PlannedMessage[], nowMs: number): readonly string[] {
  const ages = usable.flatMap(({ entry, copy }) => (copy === null ? [nowMs - entry.at] : []))
  const stale = ages.filter((age) => age > STALE_MS)
  if (stale.length === 0) return []
  const [count, oldest] = [stale.length, showAge(Math.max(...stale))]
  const were = count === 1 ? '1 of them was' : `${count} of them were`
  return [`${were} set aside more than ${showAge(STALE_MS)} ago, the oldest ${oldest} ago.`]
}

interface Reported {
  readonly isPublished: boolean
  readonly run: Run
}

function report(
  planned: readonly PlannedMessage[],
  { isPublished, run: { output, shell } }: Reported,
): ExitCode {
  const nowMs = shell.nowMs()
  const left = planned.filter(({ topic }) => topic === null)
  const sent = planned.filter(({ topic, copy }) => topic !== null && copy === null)
  const entries = planned.map(({ entry, topic, ...rest }) => ({
    ...{ eventId: entry.eventId, pageId: entry.pageId, reason: entry.reason },
    ...{
      setAsideAt: entry.at,
      commandId: entry.commandId,
      kafkaTopic: topic && kafkaTopics[topic].name,
    },
    ...rest,
  }))
  const counts = { redriven: planned.length - left.length, sent: sent.length, left: left.length }
  output.data({ published: isPublished, ...counts, entries }, () => planLines(planned, nowMs))
  const verb = isPublished ? 'sent again' : 'would be sent again'
  output.say(`${counts.sent} ${verb}, ${counts.left} entries stay open`)
  const named = sent.find(({ entry }) => entry.commandId !== null)?.entry
  if (isPublished && named) {
    output.next(`pnpm otn explain ${named.commandId} --page ${named.pageId}`)
  }
  return left.length > 0 ? exitCodes.failed : exitCodes.ok
}

function planLines(planned: readonly PlannedMessage[], nowMs: number): readonly string[] {
  const sent = planned.flatMap(({ entry, topic, copy }) =>
    topic === null || copy !== null ? [] : [{ page: entry.pageId, topic, ageMs: nowMs - entry.at }],
  )
  const groups = [...Map.groupBy(sent, ({ page, topic }) => `${page}\n${topic}`).values()]
  const rows = groups.map(([first, ...rest]) => [
    first?.page ?? null,
    first === undefined ? null : kafkaTopics[first.topic].name,
    String(rest.length + 1),
    showAge(Math.max(first?.ageMs ?? 0, ...rest.map(({ ageMs }) => ageMs))),
  ])
  const copies = planned.filter(({ copy }) => copy !== null).length
  return [
    ...(rows.length === 0 ? ['nothing to send'] : table(HEADINGS, rows)),
    ...(copies === 0 ? [] : [`${copies} were sent again already: their entries are only marked`]),
    ...hindranceLines(planned.map(hindered)),
  ]
}

function hindered({ entry, hindrance }: PlannedMessage): Hindered {
  return { entry, hindrances: hindrance === null ? [] : [hindrance] }
}
