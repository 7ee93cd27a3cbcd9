import type { NextOffsets, OpenedLog } from '@otn/bus'
import type { TopicAlias } from '@otn/contracts'
import type { Command } from 'commander'
import { logSettings } from '../cli-settings.ts'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import { inOrder } from '../log/in-order.ts'
import { type LogRecord, readLog } from '../log/read-log.ts'
import { type RecordView, recordLine, recordView } from '../log/record-view.ts'
import { chooseTopics } from '../log/topic-choice.ts'
import { instantFlag } from './flags.ts'
import { type Cli, leaf, type Run, runs } from './leaf.ts'

const CLOSE_MS = 5_000

interface TailFlags {
  readonly since?: string
  readonly type?: string
  readonly page?: string
  readonly person?: string
  readonly untilCaughtUp?: boolean
}

export function addTail(parent: Command, cli: Cli): void {
  const command = leaf(parent, {
    usage: 'tail [topics...]',
    summary: 'follow the log, decoded; what is personal is masked',
    examples: [
      'tail',
      'tail events --since 2h --type NotificationFailed',
      'tail otn.notification.events.v1 --since beginning --until-caught-up --json',
    ],
    remarks:
      'Topics: events (default), commands, receipts, alarms, all, or single ones by name.\n' +
      'What stands on the log is told by time, what comes later as it arrives; within a\n' +
      'partition the order always holds.',
  })
  command
    .option('--since <when>', 'begin there: 2h, an instant, or beginning; default: now')
    .option('--type <type>', 'only records of this type')
    .option('--page <id>', 'only of this page')
    .option('--person <id>', 'only of this person, by pseudonym')
    .option('--until-caught-up', 'end where the log ends now')
  const run = (flags: TailFlags, parts: Run) => tail(flags, { ...parts, words: command.args })
  runs<TailFlags>(command, { cli, reaches: ['kafka', 'registry'], run })
}

type TailRun = Run & { readonly words: readonly string[] }

async function tail(
  flags: TailFlags,
  { context, output, shell, words }: TailRun,
): Promise<ExitCode> {
  const topics = chooseTopics(words)
  const since = sinceFlag(flags, shell.nowMs())
  const log = await shell.openLog(context.read(logSettings))
  let count = 0
  const tell = (record: LogRecord): void => {
    const view = recordView(record)
    if (!isWanted(view, flags)) return
    count += 1
    output.data(view, () => [recordLine(view, record.timestampMs)])
  }
  const told = inOrder(tell)
  try {
    const from = await beginning(log, { topics, since })
    const until = flags.untilCaughtUp ? { until: 'end' as const } : {}
    if (!flags.untilCaughtUp) output.say(`following ${topics.length} Kafka topics; Ctrl-C ends`)
    await readLog(log, {
      topics,
      ...(from === null ? {} : { from }),
      ...until,
      signal: shell.signal,
      onRecord: told.add,
      onCaughtUp: told.caughtUp,
    })
  } finally {
    await log.bus.close(CLOSE_MS)
  }
  output.say(count === 1 ? '1 record' : `${count} records`)
  return exitCodes.ok
}

/** Null = the beginning of the log; undefined = now. */
function sinceFlag({ since, untilCaughtUp }: TailFlags, nowMs: number): number | null | undefined {
  if (since === 'beginning') return null
  // What is read up to now must begin before now.
  if (since === undefined && untilCaughtUp) return null
  return instantFlag('--since', { text: since, nowMs, unsigned: 'past' })
}

interface Beginning {
  readonly topics: readonly TopicAlias[]
  readonly since: number | null | undefined
}

async function beginning(
  { bus }: OpenedLog,
  { topics, since }: Beginning,
): Promise<NextOffsets | null> {
  if (since === null) return null
  if (since === undefined) return bus.positions.endOffsetsOf(topics)
  const entries = topics.map(
    async (topic) => [topic, await bus.positions.offsetsAt(topic, since)] as const,
  )
  return Object.fromEntries(await Promise.all(entries))
}

function isWanted({ type, record }: RecordView, { page, person, ...flags }: TailFlags): boolean {
  if (flags.type !== undefined && flags.type !== type) return false
  if (page !== undefined && record?.pageId !== page) return false
  return person === undefined || record?.person === person
}
