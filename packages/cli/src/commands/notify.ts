import type { Notified, Notifier, NotifyInput, Outcome } from '@otn/client'
import type { Command } from 'commander'
import { logSettings } from '../cli-settings.ts'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import { notifierOptions } from '../log/notifier-options.ts'
import { showInstant } from '../output/instant.ts'
import type { Style } from '../output/output.ts'
import { printable } from '../output/printable.ts'
import { instantFlag, present, usage, wholeFlag } from './flags.ts'
import { type Cli, leaf, type Run, runs } from './leaf.ts'
import { previewNotify } from './notify-preview.ts'

const WAIT_MS_MAX = 3_600_000

interface NotifyFlags {
  readonly page: string
  readonly psid?: string
  readonly token?: string
  readonly externalUser?: string
  readonly topic: string
  readonly text?: string
  readonly message?: string
  readonly commandId?: string
  readonly notBefore?: string
  readonly giveUpAt?: string
  readonly wait?: string
  readonly dryRun?: boolean
}

export function addNotify(parent: Command, cli: Cli): void {
  const command = leaf(parent, {
    usage: 'notify',
    summary: 'ask for one message to one person',
    examples: [
      'notify --page 1000 --psid 2000 --topic restock-1234 --text "It is back." --wait 5000',
      'notify --page 1000 --psid 2000 --topic restock-1234 --text "It is back." --dry-run',
      'notify --page 1000 --token 19342fe8002e6df3cf684809ae863aef --topic restock-1234 --text Hi',
    ],
    remarks:
      'Ends with 0 once published (with --wait: once sent), 5 when refused or cancelled,\n' +
      '1 when in doubt or still pending after --wait.',
  })
  command
    .requiredOption('--page <id>', 'page id')
    .option('--psid <id>', 'the person, as the page knows them')
    .option('--token <id>', 'token id (32 hex digits), in place of --psid')
    .option('--external-user <id>', 'the person by your own id, in place of --psid')
    .requiredOption('--topic <topic>', 'what the person agreed to hear about')
    .option('--text <text>', 'text of the message, below 2000 characters')
    .option('--message <json>', 'a Send API message, in place of --text')
    .option('--command-id <id>', 'the same id again has no second effect; default: a new one')
    .option('--not-before <when>', 'no attempt earlier: 2h, or an instant')
    .option('--give-up-at <when>', 'no attempt later: 2h, or an instant')
    .option('--wait <ms>', 'wait this long for the outcome')
    .option('--dry-run', 'say what would happen; nothing is published')
  runs<NotifyFlags>(command, { cli, reaches: ['kafka', 'registry', 'dispatcher'], run: notify })
}

async function notify(flags: NotifyFlags, run: Run): Promise<ExitCode> {
  const input = notifyInput(flags, run.shell.nowMs())
  if (flags.dryRun) return previewNotify(input, run)
  const text = flags.wait
  const waitMs = text === undefined ? null : wholeFlag('--wait', { text, min: 0, max: WAIT_MS_MAX })
  const settings = run.context.read(logSettings)
  const notifier = await run.shell.createNotifier(notifierOptions(settings))
  try {
    const notified = await notifier.notify(input)
    const outcome = waitMs === null ? null : await waitFor(notified, { notifier, waitMs, run })
    return report(notified, { outcome, run })
  } finally {
    await notifier.close()
  }
}

function notifyInput(flags: NotifyFlags, nowMs: number): NotifyInput {
  const instant = (flag: string, text: string | undefined) =>
    instantFlag(flag, { text, nowMs, unsigned: 'future' })
  const [notBefore, giveUpAt] = [
    instant('--not-before', flags.notBefore),
    instant('--give-up-at', flags.giveUpAt),
  ]
  const { psid, token: tokenId, externalUser: externalUserId, topic, text, commandId } = flags
  const message = flags.message === undefined ? undefined : readMessage(flags.message)
  const input = {
    pageId: flags.page,
    to: present({ psid, tokenId, externalUserId, topic }),
    ...present({ text, message, idempotencyKey: commandId, notBefore, giveUpAt }),
  }
  // Which of the fields go together is the client's to say, with all faults at once.
  return input as NotifyInput
}

function readMessage(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw usage('--message', { got: `${text.length} characters`, wanted: 'JSON of a message' })
  }
}

interface Waiting {
  readonly notifier: Notifier
  readonly waitMs: number
  readonly run: Run
}

async function waitFor(notified: Notified, { notifier, waitMs, run }: Waiting): Promise<Outcome> {
  const { signal } = run.shell
  // Closing ends the wait with what is known by then.
  const stop = () => void notifier.close()
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await notifier.outcome(notified, { waitMs })
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

interface Reported {
  readonly outcome: Outcome | null
  readonly run: Run
}

function report(notified: Notified, { outcome, run: { output } }: Reported): ExitCode {
  const { pageId, commandId, position } = notified
  const place = `${position.kafkaTopic}/${position.partition}@${position.offset}`
  output.data({ pageId, commandId, position, outcome }, (style) => [
    style.marked('good', `published  command ${printable(commandId)}  ${place}`),
    ...(outcome === null ? [] : outcomeLines(outcome, style)),
  ])
  output.next(`pnpm otn explain ${commandId} --page ${pageId}`)
  return outcome === null ? exitCodes.ok : exitCodeOf(outcome)
}

function outcomeLines(outcome: Outcome, style: Style): readonly string[] {
  switch (outcome.state) {
    case 'sent': {
      const { certainty, messageId, at } = outcome
      const said = `sent  ${certainty}  ${printable(messageId ?? '')}  ${showInstant(at)}`
      return [style.marked('good', said)]
    }
    case 'failed':
      return [style.marked('bad', `failed  ${outcome.reason}: ${outcome.meaning}. ${outcome.next}`)]
    case 'cancelled':
      return [style.marked('bad', 'cancelled')]
    case 'in-doubt':
      return [style.marked('open', `in doubt  ${outcome.reason}: ${outcome.meaning}`)]
    case 'pending': {
      const due = outcome.dueAt === undefined ? '' : `, due ${showInstant(outcome.dueAt)}`
      const why = outcome.reason === undefined ? '' : `  ${outcome.reason}: ${outcome.meaning}`
      return [style.marked('open', `pending${why}${due}`)]
    }
  }
}

function exitCodeOf({ state }: Outcome): ExitCode {
  if (state === 'sent') return exitCodes.ok
  return state === 'failed' || state === 'cancelled' ? exitCodes.refused : exitCodes.failed
}
