import type { WithdrawInput } from '@otn/client'
import type { Command } from 'commander'
import { logSettings } from '../cli-settings.ts'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import { notifierOptions } from '../log/notifier-options.ts'
import { printable } from '../output/printable.ts'
import { present } from './flags.ts'
import { type Cli, leaf, type Run, runs } from './leaf.ts'

interface WithdrawFlags {
  readonly page: string
  readonly psid?: string
  readonly person?: string
  readonly token?: string
  readonly topic?: string
  readonly commandId?: string
}

export function addConsentWithdraw(parent: Command, cli: Cli): void {
  const command = leaf(parent, {
    usage: 'withdraw',
    summary: 'nothing more is sent on the consents given so far',
    examples: [
      'consent withdraw --page 1000 --psid 2000',
      'consent withdraw --page 1000 --psid 2000 --topic restock-1234',
      'consent withdraw --page 1000 --token 19342fe8002e6df3cf684809ae863aef',
      'consent withdraw --page 1000 --topic restock-1234',
    ],
    remarks:
      'A topic alone is of everybody on the page. What a person agrees to later holds.\n' +
      'Commands that wait already fail with token-withdrawn.',
  })
  command
    .requiredOption('--page <id>', 'page id')
    .option('--psid <id>', 'the person, as the page knows them')
    .option('--person <id>', 'the person by pseudonym, in place of --psid')
    .option('--token <id>', 'one token (32 hex digits), in place of a person')
    .option('--topic <topic>', 'only about this topic')
    .option('--command-id <id>', 'the same id again has no second effect; default: a new one')
  runs<WithdrawFlags>(command, { cli, reaches: ['kafka', 'registry'], run: withdraw })
}

async function withdraw(flags: WithdrawFlags, { context, output, shell }: Run): Promise<ExitCode> {
  const { page, psid, person, token: tokenId, topic, commandId } = flags
  const consent = present({ psid, person, tokenId, topic })
  const input = { pageId: page, consent, ...present({ idempotencyKey: commandId }) }
  const notifier = await shell.createNotifier(notifierOptions(context.read(logSettings)))
  try {
    // Which of the fields go together is the client's to say, with all faults at once.
    const requested = await notifier.withdraw(input as WithdrawInput)
    const { kafkaTopic, partition, offset } = requested.position
    const place = `${kafkaTopic}/${partition}@${offset}`
    output.data(requested, (style) => {
      const said = `withdrawal published  command ${printable(requested.commandId)}  ${place}`
      return [style.marked('good', said)]
    })
    output.next(nextOf(flags))
    return exitCodes.ok
  } finally {
    await notifier.close()
  }
}

/** Where it shows that the token-ledger has carried it out. */
function nextOf({ page, psid, person, token, topic }: WithdrawFlags): string {
  if (token !== undefined) return `pnpm otn explain ${token}`
  const who = [
    psid && `--psid ${psid}`,
    person && `--person ${person}`,
    topic && `--topic ${topic}`,
  ]
  const flags = who.filter((flag) => flag).join(' ')
  return `pnpm otn token list --page ${page} ${flags} --state withdrawn`
}
