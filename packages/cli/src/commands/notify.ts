import type { Notifier, NotifyInput } from '@otn/client'
import type { Command } from 'commander'
import type { ExitCode } from '../exit-code.ts'
import { instantFlag, present, usage } from './flags.ts'
import { type Cli, leaf, type Run, runs } from './leaf.ts'
import { previewNotify } from './notify-preview.ts'
import { publishAndReport } from './publish-and-report.ts'

interface NotifyFlags {
  readonly page: string
  readonly psid?: string
  readonly token?: string
  readonly externalUser?: string
  readonly topic?: string
  readonly text?: string
  readonly message?: string
  readonly route?: string
  readonly tag?: string
  readonly commandId?: string
  readonly notBefore?: string
  readonly giveUpAt?: string
  readonly timeZone?: string
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
      'notify --page 1000 --psid 2000 --topic restock-1234 --text "It is back." --route AUTO',
      'notify --page 1000 --external-user customer-7 --topic restock-1234 --text "It is back."',
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
    .option('--external-user <id>', 'the person by their linked account, in place of --psid')
    .option('--topic <topic>', 'what the person agreed to hear about; needed to spend a token')
    .option('--text <text>', 'text of the message, below 2000 characters')
    .option('--message <json>', 'a Send API message, in place of --text')
    .option('--route <route>', 'TOKEN (default), AUTO, WINDOW or TAG')
    .option('--tag <tag>', 'message tag, for --route TAG: HUMAN_AGENT')
    .option('--command-id <id>', 'the same id again has no second effect; default: a new one')
    .option('--not-before <when>', 'no attempt earlier: 2h, or an instant')
    .option('--give-up-at <when>', 'no attempt later: 2h, or an instant')
    .option('--time-zone <zone>', "the person's, as Asia/Tokyo: quiet hours go by it")
    .option('--wait <ms>', 'wait this long for the outcome')
    .option('--dry-run', 'say what would happen; nothing is published')
  runs<NotifyFlags>(command, { cli, reaches: ['kafka', 'registry', 'dispatcher'], run: notify })
}

async function notify(flags: NotifyFlags, run: Run): Promise<ExitCode> {
  const input = notifyInput(flags, run.shell.nowMs())
  if (flags.dryRun) return previewNotify(input, run)
  const publish = (notifier: Notifier) => notifier.notify(input)
  return publishAndReport({ wait: flags.wait, publish }, run)
}

function notifyInput(flags: NotifyFlags, nowMs: number): NotifyInput {
  const instant = (flag: string, text: string | undefined) =>
    instantFlag(flag, { text, nowMs, unsigned: 'future' })
  const [notBefore, giveUpAt] = [
    instant('--not-before', flags.notBefore),
    instant('--give-up-at', flags.giveUpAt),
  ]
  const { psid, token: tokenId, externalUser: externalUserId, topic, text, commandId } = flags
  const { route, tag, timeZone } = flags
  const message = flags.message === undefined ? undefined : readMessage(flags.message)
  const input = {
    pageId: flags.page,
    to: present({ psid, tokenId, externalUserId, topic }),
    ...present({ text, message, route, tag, idempotencyKey: commandId, notBefore, giveUpAt }),
    ...present({ timeZone }),
  }
  return input as NotifyInput
}

function readMessage(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw usage('--message', { got: `${text.length} characters`, wanted: 'JSON of a message' })
  }
}
