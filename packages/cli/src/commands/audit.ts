import {
  auditLog,
  countCommands,
  defaultLimits,
  type Finding,
  findings,
  followAudit,
  summaryLine,
} from '@otn/auditor'
import type { OpenedLog } from '@otn/bus'
import { SECOND_MS } from '@otn/kernel'
import type { Command } from 'commander'
import { logSettings } from '../cli-settings.ts'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import type { Style } from '../output/output.ts'
import { printable } from '../output/printable.ts'
import { wholeFlag } from './flags.ts'
import { type Cli, leaf, type Run, runs } from './leaf.ts'

const CLOSE_MS = 5_000
const EVERY = { min: 1, max: 3_600 }

interface AuditFlags {
  readonly follow?: boolean
  readonly every?: string
}

export function addAudit(parent: Command, cli: Cli): void {
  const command = leaf(parent, {
    usage: 'audit',
    summary: 'check from the log alone that the promises hold',
    examples: ['audit', 'audit --json', 'audit --follow --every 10'],
    remarks:
      'Reads the whole log. Ends with 1 where something is found. With --follow it goes on for\n' +
      'good and raises and clears alarms on otn.alarm.events.v1.',
  })
  command
    .option('--follow', 'go on for good; alarms on the log')
    .option('--every <seconds>', 'with --follow: how often to judge; default: 5')
  runs<AuditFlags>(command, { cli, reaches: ['kafka', 'registry'], run: audit })
}

async function audit({ follow, every = '5' }: AuditFlags, run: Run): Promise<ExitCode> {
  const everyMs = wholeFlag('--every', { text: every, ...EVERY }) * SECOND_MS
  const { context, shell } = run
  const log = await shell.openLog(context.read(logSettings))
  try {
    return follow ? await watch(log, { run, everyMs }) : await lookOnce(log, run)
  } finally {
    await log.bus.close(CLOSE_MS)
  }
}

async function lookOnce(log: OpenedLog, { output, shell }: Run): Promise<ExitCode> {
  const { signal, nowMs } = shell
  const state = await auditLog(log, { nowMs, signal })
  // Interrupted half-way it has seen causes without effects, and would speak of them.
  if (signal.aborted) return exitCodes.interrupted
  const found = findings(state, nowMs(), defaultLimits)
  const commands = countCommands(state)
  const tokens = state.tokens.size
  const summary = summaryLine({ faults: 0, exposed: 0, findings: found, commands })
  output.data({ findings: found, commands, tokens, summary }, (style) => [
    ...found.map((one) => findingLine(one, style)),
    style.marked(
      found.length === 0 ? 'good' : 'bad',
      `${commands.total} commands, ${tokens} tokens: ${found.length} findings`,
    ),
    summary,
  ])
  const [first] = found
  if (first === undefined) return exitCodes.ok
  const [kind, ...id] = first.subject.split(' ')
  if (kind === 'token') output.next(`pnpm otn explain ${printable(id.join(' '))}`)
  return exitCodes.failed
}

interface WatchParts {
  readonly run: Run
  readonly everyMs: number
}

async function watch(log: OpenedLog, { run, everyMs }: WatchParts): Promise<ExitCode> {
  const { output, shell } = run
  let trouble: string | null = null
  const tell = (state: 'raised' | 'cleared') => (one: Finding) =>
    output.data({ state, ...one }, (style) => [
      state === 'raised' ? findingLine(one, style) : style.marked('good', `cleared  ${named(one)}`),
    ])
  await followAudit(log, {
    ...{ nowMs: shell.nowMs, signal: shell.signal, everyMs },
    onFinding: tell('raised'),
    onCleared: tell('cleared'),
    onCaughtUp: () => output.say('the log is read; following it, Ctrl-C ends'),
    onTrouble: ({ message }) => {
      // An outage is one trouble, however often it is met.
      if (message !== trouble) output.say(`trying again: ${printable(message)}`)
      trouble = message
    },
  })
  return exitCodes.ok
}

function findingLine(one: Finding, style: Style): string {
  const { severity, promise, sentence } = one
  const mark = severity === 'critical' ? 'bad' : 'open'
  return style.marked(mark, `${severity}  ${promise}  ${named(one)}  ${printable(sentence)}`)
}

function named({ code, subject }: Finding): string {
  return `${code}  ${printable(subject)}`
}
