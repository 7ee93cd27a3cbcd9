/** `otn campaign start|pause|resume|stop`: publishes what starts or steers a campaign. */
import type { CampaignInput, Notifier, Steered } from '@otn/client'
import type { Command } from 'commander'
import { logSettings } from '../cli-settings.ts'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import { notifierOptions } from '../log/notifier-options.ts'
import { printable } from '../output/printable.ts'
import { type StartFlags, startInput, startOptions } from './campaign-input.ts'
import { present } from './flags.ts'
import { type Cli, leaf, type Run, runs } from './leaf.ts'

interface SteerFlags {
  readonly page: string
  readonly commandId?: string
}

export function addCampaignStart(parent: Command, cli: Cli): void {
  const command = leaf(parent, {
    usage: 'start <campaign>',
    summary: 'notify everybody who holds a live token for a topic now, once each',
    examples: ['campaign start spring --page 1000 --topic restock-1 --text "It is back."'],
    remarks:
      'Look first what it reaches and costs: campaign plan. Who agrees later is not reached.',
  })
  startOptions(command).option('--command-id <id>', 'the id of this request; default: a new one')
  const run = (flags: StartFlags, parts: Run) =>
    publish(parts, (notifier) => notifier.campaign.start(startInput(command.args[0] ?? '', flags)))
  runs<StartFlags>(command, { cli, reaches: ['kafka', 'registry'], run })
}

export function addCampaignPause(parent: Command, cli: Cli): void {
  addSteering(parent, cli, {
    act: 'pause',
    summary: 'who was not called yet waits until it is resumed',
  })
}

export function addCampaignResume(parent: Command, cli: Cli): void {
  addSteering(parent, cli, { act: 'resume', summary: 'a paused campaign goes on where it was' })
}

export function addCampaignStop(parent: Command, cli: Cli): void {
  addSteering(parent, cli, {
    act: 'stop',
    summary: 'for good: who was not called yet is not called any more',
  })
}

interface Steering {
  readonly act: 'pause' | 'resume' | 'stop'
  readonly summary: string
}

function addSteering(parent: Command, cli: Cli, { act, summary }: Steering): void {
  const examples = [`campaign ${act} spring --page 1000`]
  const command = leaf(parent, { usage: `${act} <campaign>`, summary, examples })
  command
    .requiredOption('--page <id>', 'page id')
    .option('--command-id <id>', 'the id of this request; default: a new one')
  const run = ({ page, commandId }: SteerFlags, parts: Run) => {
    const named = { pageId: page, campaignId: command.args[0] ?? '' }
    const input = { ...named, ...present({ idempotencyKey: commandId }) } as CampaignInput
    return publish(parts, (notifier) => notifier.campaign[act](input))
  }
  runs<SteerFlags>(command, { cli, reaches: ['kafka', 'registry'], run })
}

async function publish(
  { context, output, shell }: Run,
  ask: (notifier: Notifier) => Promise<Steered>,
): Promise<ExitCode> {
  const notifier = await shell.createNotifier(notifierOptions(context.read(logSettings)))
  try {
    const steered = await ask(notifier)
    const { kafkaTopic, partition, offset } = steered.position
    const campaign = printable(steered.campaignId)
    output.data(steered, (style) => {
      const place = `${kafkaTopic}/${partition}@${offset}`
      return [style.marked('good', `published  campaign ${campaign}  ${place}`)]
    })
    output.next(`pnpm otn campaign show ${campaign} --page ${steered.pageId}`)
    return exitCodes.ok
  } finally {
    await notifier.close()
  }
}
