import type { Command } from 'commander'
import { dispatcherSettings } from '../cli-settings.ts'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import { callService, type JsonObject } from '../http/call-service.ts'
import { printable } from '../output/printable.ts'
import { confirm } from './confirm.ts'
import { usage } from './flags.ts'
import { type Cli, leaf, type Run, runs } from './leaf.ts'

interface SettleFlags {
  readonly sent?: boolean
  readonly notSent?: boolean
  readonly messageId?: string
  readonly reason?: string
  readonly by?: string
  readonly yes?: boolean
}

interface Subject {
  readonly page: string
  readonly command: string
}

export function addDoubtSettle(parent: Command, cli: Cli): void {
  const command = leaf(parent, {
    usage: 'settle <page> <command>',
    summary: 'say what became of a message whose fate is in doubt',
    examples: [
      'doubt settle 1000 restock-1234:2000 --sent --message-id m_abc',
      'doubt settle 1000 restock-1234:2000 --not-sent --reason "not in the inbox"',
      'doubt settle 1000 restock-1234:2000 --sent --by ada --yes',
    ],
    remarks:
      'Look first: the page’s inbox shows whether the message arrived. Ends with 5 where the\n' +
      'command is not in doubt or was settled otherwise; the same again changes nothing.',
  })
  command
    .option('--sent', 'the message reached the person: its token is spent')
    .option('--not-sent', 'it did not: the command has failed, its token is free again')
    .option('--message-id <mid>', 'id of the message, with --sent')
    .option('--reason <text>', 'how it was found out; kept redacted')
    .option('--by <name>', 'who says so; default: the user of this machine')
    .option('--yes', 'do not ask')
  const run = (flags: SettleFlags, parts: Run) => {
    const [page = '', id = ''] = command.args
    return settle({ page, command: id }, flags, parts)
  }
  runs<SettleFlags>(command, { cli, reaches: ['dispatcher'], run })
}

async function settle(subject: Subject, flags: SettleFlags, run: Run): Promise<ExitCode> {
  const { context, output, shell } = run
  const outcome = outcomeOf(flags)
  const { messageId, reason } = flags
  const door = { name: 'dispatcher', fetch: shell.fetch, ...context.read(dispatcherSettings) }
  const settledBy = flags.by ?? shell.env.USER ?? shell.env.USERNAME
  if (!settledBy) throw usage('--by', { got: 'nothing', wanted: 'a name: it stands on the log' })
  const { page, command } = subject
  const name = `${printable(page)}:${printable(command)}`
  await confirm(shell, { sentence: CONSEQUENCES[outcome](name), isYes: flags.yes === true })
  const path = [page, 'notifications', command, 'settlement'].map(encodeURIComponent).join('/')
  const body = { outcome, messageId, reason, settledBy }
  const answer = await callService(door, { method: 'POST', path: `/v1/pages/${path}`, body })
  output.data(answer, (style) => [style.marked('good', verdictOf(name, answer))])
  output.next(`pnpm otn explain ${command} --page ${page}`)
  return exitCodes.ok
}

const CONSEQUENCES = {
  sent: (name: string) =>
    `${name} will count as sent for good and its token as spent: nobody will be sent this again.`,
  'not-sent': (name: string) =>
    `${name} will count as failed for good and its token as free: if its message did go out, the ` +
    'person may get a second one.',
} as const

function outcomeOf({ sent, notSent, messageId }: SettleFlags): keyof typeof CONSEQUENCES {
  if (sent === notSent) {
    const got = sent ? 'both' : 'neither'
    throw usage('--sent', { got, wanted: 'exactly one of --sent, --not-sent' })
  }
  if (sent) return 'sent'
  if (messageId === undefined) return 'not-sent'
  throw usage('--message-id', { got: 'it with --not-sent', wanted: 'it with --sent' })
}

function verdictOf(name: string, { state, settledBy }: JsonObject): string {
  return `${name} is ${printable(String(state))}, settled by ${printable(String(settledBy))}`
}
