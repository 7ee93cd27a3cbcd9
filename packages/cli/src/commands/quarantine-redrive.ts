import { type PageId, pageId } from '@otn/kernel'
import type { Command } from 'commander'
import { CliError, type ExitCode, exitCodes } from '../exit-code.ts'
import { choose } from '../kept/choose.ts'
import { hindranceLines } from '../kept/hindrance-lines.ts'
import { readKeys } from '../kept/keys.ts'
import { readKept } from '../kept/read-kept.ts'
import { withLog } from '../kept/with-log.ts'
import { table } from '../output/table.ts'
import { missingPin } from '../pages/deployment-pin.ts'
import { type KnownPages, knownPages } from '../pages/known-pages.ts'
import { readPageEvents } from '../pages/page-log.ts'
import { isWhole, type PlannedEntry, planRedrive, publishRedrive } from '../quarantine/redrive.ts'
import { confirm } from './confirm.ts'
import { addChoiceOptions, byOf, type ChoiceFlags, choiceOf } from './kept-flags.ts'
import { type Cli, leaf, type Run, runs } from './leaf.ts'

interface RedriveFlags extends ChoiceFlags {
  readonly asPage?: string
}

export function addQuarantineRedrive(parent: Command, cli: Cli): void {
  const command = leaf(parent, {
    usage: 'redrive [ids...]',
    summary: 'read quarantined items again, and publish the consent that they carry',
    examples: [
      'quarantine redrive --all --dry-run',
      'quarantine redrive --reason page-mismatch --as-page 1000 --dry-run',
      'quarantine redrive 19342fe8002e6df3cf684809ae863aef --yes',
    ],
    remarks:
      'Read as a webhook is, with the pages and rules of now, under the ids that the webhook\n' +
      'would have given. A plan is shown first. Nothing is deleted: an entry is marked once its\n' +
      'consent is acknowledged, so after Ctrl-C run it again; twice adds nothing.\n' +
      'Ends with 1 where something was chosen that cannot be used.',
  })
  addChoiceOptions(command)
  command.option('--as-page <id>', 'whose items they are, where entry and recipient disagree')
  const run = (flags: RedriveFlags, parts: Run) => redrive(flags, command.args, parts)
  runs<RedriveFlags>(command, { cli, reaches: ['kafka', 'registry'], run })
}

async function redrive(flags: RedriveFlags, ids: readonly string[], run: Run): Promise<ExitCode> {
  const { context, output, shell } = run
  const choice = choiceOf(flags, ids)
  const { identity, pepperCheck, vault } = readKeys(context)
  const by = byOf(flags, shell)
  return withLog(run, async ({ log }) => {
    const { signal } = shell
    const nowMs = shell.nowMs()
    const events = await readPageEvents(log)
    missingPin({ known: events, pepperCheck, identity, nowMs })
    const pages = knownPages(events)
    const asPage = flags.asPage === undefined ? null : connected(flags.asPage, pages)
    const redriving = { log, vault, signal, around: { identity, pages, asPage, nowMs } }
    const entries = await readKept({ log, keptIn: 'quarantine', signal })
    const chosen = choose(entries, { choice, keptIn: 'quarantine' })
    const planned = await planRedrive(chosen, redriving)
    const usable = planned.filter(({ consents }) => consents.length > 0)
    const isWanted = !flags.dryRun && usable.some(isLeftToDo)
    if (!isWanted) return report(planned, { isPublished: false, run })
    if (!flags.yes) for (const line of planLines(planned)) output.say(line)
    await confirm(shell, { sentence: sentenceOf(planned), isYes: flags.yes ?? false })
    const onProgress = (done: number, of: number) => output.say(`${done} of ${of} entries done`)
    await publishRedrive(planned, { ...redriving, by, onProgress })
    return report(planned, { isPublished: true, run })
  })
}

function connected(given: string, pages: KnownPages): PageId {
  const page = pageId(given)
  if (pages.isConnected(page)) return page
  const message = `--as-page: got ${JSON.stringify(given)}, wanted a page that is connected here`
  throw new CliError(exitCodes.notFound, message, 'pnpm otn pages import pages.json')
}

/** Of an entry that is sent in part nothing more is left once those consents stand on the log. */
function isLeftToDo(entry: PlannedEntry): boolean {
  return isWhole(entry) || entry.consents.some(({ isOnLog }) => !isOnLog)
}

function sentenceOf(planned: readonly PlannedEntry[]): string {
  const { length } = freshOf(planned)
  return `${length === 1 ? '1 token' : `${length} tokens`} will count as consent.`
}

function freshOf(planned: readonly PlannedEntry[]) {
  const fresh = planned.flatMap(({ entry, consents }) =>
    consents.filter(({ isOnLog }) => !isOnLog).map((one) => ({ ...one, page: entry.pageId })),
  )
  // The same tap may stand in two entries.
  return [...new Map(fresh.map((one) => [one.eventId, one])).values()]
}

interface Reported {
  readonly isPublished: boolean
  readonly run: Run
}

function report(
  planned: readonly PlannedEntry[],
  { isPublished, run: { output } }: Reported,
): ExitCode {
  const left = planned.filter((entry) => !isWhole(entry))
  const counts = {
    redriven: planned.length - left.length,
    consents: freshOf(planned).length,
    left: left.length,
  }
  const entries = planned.map(({ entry: { eventId, pageId: page, reason }, ...rest }) => ({
    ...{ eventId, pageId: page, reason },
    ...rest,
  }))
  output.data({ published: isPublished, ...counts, entries }, () => planLines(planned))
  const verb = isPublished ? 'published' : 'would be published'
  output.say(`${counts.consents} consents ${verb}, ${counts.left} entries stay open`)
  const [first] = freshOf(planned)
  if (isPublished && first) output.next(`pnpm otn token list --page ${first.page}`)
  return left.length > 0 ? exitCodes.failed : exitCodes.ok
}

/** Numbers, pages, topics, causes; never what stands in an entry. */
function planLines(planned: readonly PlannedEntry[]): readonly string[] {
  const fresh = freshOf(planned)
  const groups = [...Map.groupBy(fresh, ({ page, topic }) => `${page}\n${topic ?? ''}`).values()]
  const rows = groups.map(([first, ...rest]) => [
    first?.page ?? null,
    first?.topic ?? 'no rule names one',
    String(rest.length + 1),
  ])
  const onLog = planned.flatMap(({ consents }) => consents.filter(({ isOnLog }) => isOnLog)).length
  return [
    ...(rows.length === 0 ? ['nothing to add'] : table(['page', 'topic', 'tokens'], rows)),
    ...(onLog === 0 ? [] : [`${onLog} stand on the log already: their entries are only marked`]),
    ...hindranceLines(planned),
  ]
}
