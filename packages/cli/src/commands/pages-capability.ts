import type { Command } from 'commander'
import { CliError, type ExitCode, exitCodes } from '../exit-code.ts'
import { askPages, pathOfPage } from '../pages/ask-pages.ts'
import { instantFlag, usage } from './flags.ts'
import { type Cli, leaf, type Run, runs } from './leaf.ts'

const STATES = ['not-requested', 'terms-accepted', 'requested', 'granted', 'denied', 'revoked']
const CAPABILITY = /^[a-z][a-z0-9_-]{0,63}$/

interface CapabilityFlags {
  readonly reason?: string
  readonly on?: string
}

export function addPagesCapability(parent: Command, cli: Cli): void {
  const command = leaf(parent, {
    usage: 'capability <page> <capability> <state>',
    summary: 'tells what became of a capability at the platform, with its date',
    examples: [
      'pages capability 1000 one-time-notification terms-accepted --on 2026-11-02T09:00:00Z',
      'pages capability 1000 one-time-notification granted',
      'pages capability 1000 one-time-notification denied --reason "Page is too young"',
      'pages capability 1000 pages_messaging granted',
    ],
    remarks:
      `States: ${STATES.join(', ')}. The platform has no call that\n` +
      'tells of one-time-notification, so a person says it. No grant stands without accepted\n' +
      'terms; denied and revoked need --reason, and stop requests and messages of the page.',
  })
  command
    .option('--reason <text>', 'why, in one line')
    .option('--on <instant>', 'when it happened there: 2h ago as 2h, or an instant; default now')
  const run = (flags: CapabilityFlags, parts: Run) => tell(command.args, flags, parts)
  runs<CapabilityFlags>(command, { cli, reaches: ['pages'], run })
}

async function tell(
  [page = '', capability = '', state = '']: readonly string[],
  { reason, on }: CapabilityFlags,
  run: Run,
): Promise<ExitCode> {
  if (!CAPABILITY.test(capability)) {
    throw new CliError(exitCodes.usage, `<capability>: got ${JSON.stringify(capability)}`)
  }
  if (!STATES.includes(state)) {
    throw usage('<state>', { got: JSON.stringify(state), wanted: `one of ${STATES.join(', ')}` })
  }
  const nowMs = run.shell.nowMs()
  const occurredAt = instantFlag('--on', { text: on, nowMs, unsigned: 'past' }) ?? null
  const path = pathOfPage(page, `/capabilities/${capability}`)
  const body = { state, occurredAt, detail: reason ?? null }
  const answer = await askPages(run, { method: 'PUT', path, body })
  run.output.data(answer, (style) => {
    const words = answer.eventId === null ? `is ${state} already` : state
    return [style.marked('good', `page ${page}  ${capability}  ${words}`)]
  })
  return exitCodes.ok
}
