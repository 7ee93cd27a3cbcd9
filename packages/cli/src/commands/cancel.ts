import type { Command } from 'commander'
import { logSettings } from '../cli-settings.ts'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import { notifierOptions } from '../log/notifier-options.ts'
import { printable } from '../output/printable.ts'
import { type Cli, leaf, type Run, runs } from './leaf.ts'

interface CancelFlags {
  readonly page: string
}

export function addCancel(parent: Command, cli: Cli): void {
  const command = leaf(parent, {
    usage: 'cancel <command>',
    summary: 'a notification that did not go out yet never does',
    examples: ['cancel order-7 --page 1000'],
    remarks:
      'Also before the command itself is published. What went out already, or may have, stays\n' +
      'as it is.',
  })
  command.requiredOption('--page <id>', 'page id')
  const run = ({ page }: CancelFlags, parts: Run) =>
    cancel({ page, commandId: command.args[0] ?? '' }, parts)
  runs<CancelFlags>(command, { cli, reaches: ['kafka', 'registry'], run })
}

async function cancel(
  { page, commandId }: CancelFlags & { readonly commandId: string },
  { context, output, shell }: Run,
): Promise<ExitCode> {
  const notifier = await shell.createNotifier(notifierOptions(context.read(logSettings)))
  try {
    const requested = await notifier.cancel({ pageId: page, commandId })
    const { kafkaTopic, partition, offset } = requested.position
    const place = `${kafkaTopic}/${partition}@${offset}`
    output.data({ ...requested, cancels: commandId }, (style) => {
      const said = `cancel published  command ${printable(commandId)}  ${place}`
      return [style.marked('good', said)]
    })
    output.next(`pnpm otn explain ${commandId} --page ${page}`)
    return exitCodes.ok
  } finally {
    await notifier.close()
  }
}
