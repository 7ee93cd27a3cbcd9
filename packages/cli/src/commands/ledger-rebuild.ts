import { setTimeout as pause } from 'node:timers/promises'
import type { Command } from 'commander'
import { ledgerSettings } from '../cli-settings.ts'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import { callService, type JsonObject, type ServiceDoor } from '../http/call-service.ts'
import type { Style } from '../output/output.ts'
import { printable } from '../output/printable.ts'
import { type Cli, leaf, type Run, runs } from './leaf.ts'

const PATH = '/v1/operations/rebuild'
const POLL_MS = 500

interface RebuildFlags {
  readonly wait?: boolean
}

export function addLedgerRebuild(parent: Command, cli: Cli): void {
  const command = leaf(parent, {
    usage: 'rebuild',
    summary: 'fold the log anew beside the live read model, compare, swap',
    examples: ['ledger rebuild', 'ledger rebuild --wait'],
    remarks: 'Questions are answered from the live one until the new one has caught up.',
  })
  command.option('--wait', 'until it is done')
  runs<RebuildFlags>(command, { cli, reaches: ['ledger'], run: rebuild })
}

async function rebuild(flags: RebuildFlags, { context, output, shell }: Run): Promise<ExitCode> {
  const door = { name: 'token-ledger', fetch: shell.fetch, ...context.read(ledgerSettings) }
  const started = await callService(door, { method: 'POST', path: PATH })
  const report = flags.wait ? await finished(door, { started, signal: shell.signal }) : started
  output.data(report, (style) => reportLines(report, style))
  output.next(
    report.state === 'running' ? 'pnpm otn ledger rebuild --wait' : 'pnpm otn ledger digest',
  )
  return report.state === 'failed' ? exitCodes.failed : exitCodes.ok
}

interface Wait {
  readonly started: JsonObject
  readonly signal: AbortSignal
}

/** Asks until it is over; what another process of the ledger reports counts as well. */
async function finished(door: ServiceDoor, { started, signal }: Wait): Promise<JsonObject> {
  let report = started
  while (report.state === 'running' && !signal.aborted) {
    await pause(POLL_MS, undefined, { signal }).catch(() => undefined)
    const { rebuild: latest } = await callService(door, { path: PATH })
    report = typeof latest === 'object' && latest !== null ? { ...latest } : report
  }
  return report
}

function reportLines(report: JsonObject, style: Style): readonly string[] {
  const { state, events, eventsPerSecond, error } = report
  const pace = `${events} events, ${eventsPerSecond} a second`
  if (state === 'running') return [style.marked('open', `running  ${pace}`)]
  if (state === 'failed') return [style.marked('bad', `failed  ${printable(String(error))}`)]
  const { equal, differences, different }: JsonObject = Object(report.comparison)
  const verdict = equal === true ? 'equal to what was served' : `${differences} documents differed`
  const which: readonly unknown[] = Array.isArray(different) ? different : []
  return [
    style.marked('good', `done  ${pace}  ${verdict}`),
    ...which.map((name) => `  ${printable(String(name))}`),
  ]
}
