import type { Notifier, RequestOptInInput } from '@otn/client'
import type { Command } from 'commander'
import type { ExitCode } from '../exit-code.ts'
import { instantFlag, present } from './flags.ts'
import { type Cli, leaf, type Run, runs } from './leaf.ts'
import { previewRequest } from './notify-preview.ts'
import { publishAndReport } from './publish-and-report.ts'

interface RequestFlags {
  readonly page: string
  readonly psid?: string
  readonly token?: string
  readonly topic: string
  readonly title: string
  readonly context?: string
  readonly commandId?: string
  readonly giveUpAt?: string
  readonly timeZone?: string
  readonly wait?: string
  readonly dryRun?: boolean
}

export function addRequest(parent: Command, cli: Cli): void {
  const command = leaf(parent, {
    usage: 'request',
    summary: 'ask one person whether they want to be notified',
    examples: [
      'request --page 1000 --psid 2000 --topic restock-1234 --title "Tell you when it is back?"',
      'request --page 1000 --psid 2000 --topic restock-1234 --title "Tell you?" --wait 5000 --json',
      'request --page 1000 --psid 2000 --topic restock-1234 --title "Tell you?" --dry-run',
    ],
    remarks:
      'The answer is the tap of the person: it arrives as consent (pnpm otn token list).\n' +
      'Ends with 0 once published (with --wait: once the question is out), 5 when refused,\n' +
      '1 when in doubt or still pending after --wait.',
  })
  command
    .requiredOption('--page <id>', 'page id')
    .option('--psid <id>', 'the person, as the page knows them; their 24-hour window must be open')
    .option('--token <id>', 'token id (32 hex digits) that pays, in place of --psid; it is spent')
    .requiredOption('--topic <topic>', 'what they would agree to hear about')
    .requiredOption('--title <text>', 'the question, at most 65 UTF-16 code units')
    .option('--context <id>', 'an opaque id of yours that comes back with the consent')
    .option('--command-id <id>', 'the same id again has no second effect; default: a new one')
    .option('--give-up-at <when>', 'no attempt later: 2h, or an instant')
    .option('--time-zone <zone>', "the person's, as Asia/Tokyo: quiet hours go by it")
    .option('--wait <ms>', 'wait this long until the question is out')
    .option('--dry-run', 'say what would happen and what each rule says; nothing is published')
  runs<RequestFlags>(command, { cli, reaches: ['kafka', 'registry', 'dispatcher'], run: request })
}

async function request(flags: RequestFlags, run: Run): Promise<ExitCode> {
  const input = requestInput(flags, run.shell.nowMs())
  if (flags.dryRun) return previewRequest(input, run)
  const publish = (notifier: Notifier) => notifier.requestOptIn(input)
  return publishAndReport({ wait: flags.wait, publish }, run)
}

function requestInput(flags: RequestFlags, nowMs: number): RequestOptInInput {
  const { psid, token: tokenId, topic, title, context, commandId, timeZone } = flags
  const text = flags.giveUpAt
  const giveUpAt = instantFlag('--give-up-at', { text, nowMs, unsigned: 'future' })
  const input = {
    pageId: flags.page,
    to: present({ psid, tokenId, topic }),
    ...present({ title, context, idempotencyKey: commandId, giveUpAt, timeZone }),
  }
  return input as RequestOptInInput
}
