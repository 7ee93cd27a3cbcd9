import { randomUUID } from 'node:crypto'
import { explain } from '@otn/client'
import type { Command } from 'commander'
import { dispatcherSettings } from '../cli-settings.ts'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import { callService, type JsonObject } from '../http/call-service.ts'
import type { Style } from '../output/output.ts'
import { printable } from '../output/printable.ts'
import { type StartFlags, startInput, startOptions } from './campaign-input.ts'
import { type Cli, leaf, type Run, runs } from './leaf.ts'

export function addCampaignPlan(parent: Command, cli: Cli): void {
  const command = leaf(parent, {
    usage: 'plan <campaign>',
    summary: 'whom a campaign would reach and what it would cost; nothing is sent',
    examples: ['campaign plan spring --page 1000 --topic restock-1 --text "It is back."'],
    remarks: 'Ends with 5 where it would be refused.',
  })
  startOptions(command)
  const run = (flags: StartFlags, parts: Run) => plan(command.args[0] ?? '', flags, parts)
  runs<StartFlags>(command, { cli, reaches: ['dispatcher'], run })
}

async function plan(
  campaignId: string,
  flags: StartFlags,
  { context, output, shell }: Run,
): Promise<ExitCode> {
  const door = { name: 'dispatcher', fetch: shell.fetch, ...context.read(dispatcherSettings) }
  const told = await callService(door, {
    method: 'POST',
    path: '/v1/campaigns',
    query: { dryRun: 'true' },
    headers: { 'idempotency-key': randomUUID() },
    body: { ...startInput(campaignId, flags), requestedBy: 'otn-cli' },
  })
  output.data(told, (style) => [verdictLine(told, style), ...sizeLines(told)])
  if (told.decision === 'start') {
    output.next(`pnpm otn campaign start ${printable(campaignId)} --page ${flags.page} …`)
  }
  return told.decision === 'refuse' ? exitCodes.refused : exitCodes.ok
}

function verdictLine({ decision, reason }: JsonObject, style: Style): string {
  if (decision === 'start') return style.marked('good', 'it would start')
  if (typeof reason !== 'string') return style.marked('open', 'it runs, or ran, already')
  const { meaning, next } = explain(reason)
  return style.marked('bad', `refused  ${printable(reason)}: ${meaning}. ${next}`)
}

function sizeLines({ persons, tokens, expiring, seconds }: JsonObject): readonly string[] {
  return [
    `reaches ${persons} persons, spends ${persons} of their ${tokens} live tokens`,
    `${expiring} of them hold none that lives for another week`,
    `takes ${seconds} s at least, at the pace a page is allowed`,
  ]
}
