/** What a changed rule set or answer table would have done to the log as it stands. */
import { resolve } from 'node:path'
import { answerTable } from '@otn/graph-api/answers'
import {
  type AnswersReport,
  compareRules,
  type PayloadOf,
  type RulesReport,
  replayAnswers,
  replayRules,
  type ShadowRecord,
  type ShadowRules,
  type Window,
} from '@otn/shadow'
import { createVault, parseMasterKeys } from '@otn/vault'
import type { Command } from 'commander'
import { logSettings, sealingSettings } from '../cli-settings.ts'
import { CliError, type ExitCode, exitCodes } from '../exit-code.ts'
import { showInstant } from '../output/instant.ts'
import type { Style } from '../output/output.ts'
import { printable } from '../output/printable.ts'
import { table } from '../output/table.ts'
import { readShadowAnswers } from '../shadow/answers-file.ts'
import { parseRecords, readRecords } from '../shadow/read-records.ts'
import { readShadowRules } from '../shadow/rules-file.ts'
import { instantFlag, usage } from './flags.ts'
import { type Cli, leaf, type Run, runs } from './leaf.ts'
import { readJsonFile } from './read-json-file.ts'

const CLOSE_MS = 5_000

interface ShadowFlags {
  readonly rules?: string
  readonly today?: string
  readonly answers?: string
  readonly from?: string
  readonly to?: string
  readonly log?: string
}

export function addShadow(parent: Command, cli: Cli): void {
  const command = leaf(parent, {
    usage: 'shadow',
    summary: 'what changed rules or a changed answer table would have done to the log',
    examples: [
      'shadow --rules rules.json --from 7d',
      'shadow --answers answers.json --json',
      'shadow --rules rules.json --today today.json --from 2026-11-01 --to 2026-11-08',
    ],
    remarks:
      'Reads the log and nothing else; it spends, writes and calls nothing. Each command is\n' +
      'decided where the log decided it, by the rules of today and by the changed ones. What\n' +
      'the log decided otherwise than the rules of today is counted apart, not compared.\n' +
      'Ends with 1 where something would have differed. The files: docs/shadow.md',
  })
  command
    .option('--rules <file>', 'a changed rule set')
    .option('--today <file>', 'with --rules: the rule set in force; default: the defaults')
    .option('--answers <file>', 'changed rows of the answer table')
    .option('--from <when>', 'only what was decided from then on: 7d, an instant')
    .option('--to <when>', 'only what was decided before')
    .option('--log <file>', 'a log written to a file, in place of Kafka')
  runs<ShadowFlags>(command, { cli, reaches: ['kafka', 'registry'], run: shadow })
}

async function shadow(flags: ShadowFlags, run: Run): Promise<ExitCode> {
  const { rules, answers, today } = flags
  if ((rules === undefined) === (answers === undefined)) {
    throw usage('--rules', { got: 'both or none', wanted: 'one of --rules, --answers' })
  }
  const window = windowOf(flags, run)
  const read = (file: string, name: string) => readJsonFile(file, run.shell, name)
  if (answers !== undefined) {
    const changed = readShadowAnswers(read(answers, '--answers'))
    const tables = { today: answerTable, changed }
    const report = replayAnswers(await recordsOf(flags, run), tables, window)
    run.output.data({ kind: 'answers', ...report }, (style) => answerLines(report, style))
    return report.differing.length === 0 ? exitCodes.ok : exitCodes.failed
  }
  const inForce = readShadowRules(today === undefined ? {} : read(today, '--today'))
  const changed = readShadowRules(read(rules ?? '', '--rules'))
  const records = await recordsOf(flags, run)
  const payloadOf = payloadsFor([inForce, changed], run)
  const before = replayRules(records, { rules: inForce, payloadOf, inForce: null })
  const after = replayRules(records, { rules: changed, payloadOf, inForce: before })
  const report = compareRules(before, after, window)
  run.output.data({ kind: 'rules', ...report }, (style) => ruleLines(report, style))
  return report.differing.length === 0 ? exitCodes.ok : exitCodes.failed
}

function windowOf({ from, to }: ShadowFlags, { shell }: Run): Window {
  const read = (flag: string, text: string | undefined) =>
    instantFlag(flag, { text, nowMs: shell.nowMs(), unsigned: 'past' })
  const toMs = read('--to', to) ?? Number.POSITIVE_INFINITY
  return { fromMs: read('--from', from) ?? Number.NEGATIVE_INFINITY, toMs }
}

async function recordsOf(
  { log: file }: ShadowFlags,
  { context, shell }: Run,
): Promise<readonly ShadowRecord[]> {
  if (file !== undefined) {
    const path = resolve(shell.env.INIT_CWD ?? shell.cwd, file)
    const text = shell.readFile(path)
    if (text === null) throw usage('--log', { got: path, wanted: 'a file that can be read' })
    return parseRecords(text, path)
  }
  const log = await shell.openLog(context.read(logSettings))
  try {
    const records = await readRecords(log, shell.signal)
    // Half of a log would be decided without what came before.
    if (shell.signal.aborted) throw new CliError(exitCodes.interrupted, 'interrupted')
    return records
  } finally {
    await log.bus.close(CLOSE_MS)
  }
}

/** Topics are named anew by payloads, which are sealed: only then is the key asked for. */
function payloadsFor(all: readonly ShadowRules[], { context }: Run): PayloadOf {
  if (all.every(({ topicRules }) => topicRules.size === 0)) return () => null
  const { masterKey } = context.read({ masterKey: sealingSettings.masterKey })
  const parsed = parseMasterKeys(masterKey.reveal())
  if (!('keys' in parsed)) throw new CliError(exitCodes.configuration, 'OTN_MASTER_KEY: no key')
  const vault = createVault(parsed.keys)
  return ({ eventId, person, keyId, sealed }) => {
    const context = { record: 'OptInReceived', eventId, owner: person }
    const { payload } = vault.open({ keyId, sealed }, context)
    return typeof payload === 'string' ? payload : null
  }
}

function ruleLines(report: RulesReport, style: Style): readonly string[] {
  const { commands, explained, unexplained, gone, undecided, differing, counts, tokens } = report
  const rows = differing.map(({ at, commandId, difference, was, would }) => [
    ...[showInstant(at), commandId, difference],
    ...[sayOf(was), sayOf(would)],
  ])
  const [head = '', ...lines] = table(['decided', 'command', 'difference', 'was', 'would'], rows)
  return [
    ...(rows.length === 0 ? [] : [style.bold(head), ...lines, '']),
    `${commands} commands: ${explained} decided as the rules of today decide, ` +
      `${unexplained.length} otherwise, ${gone} no longer on the log, ${undecided} undecided`,
    ...Object.entries(counts).map(([difference, count]) => `${count} ${difference}`),
    style.marked(
      differing.length === 0 ? 'good' : 'open',
      `${differing.length} differ; ${tokens.spared} tokens would be left, ` +
        `${tokens.spent} more spent`,
    ),
  ]
}

type Told = RulesReport['differing'][number]['was']

function sayOf({ outcome, reason, rule, route, tokenId }: Told): string {
  if (outcome === 'refuse') return `refused ${reason ?? ''}${rule === null ? '' : ` by ${rule}`}`
  return tokenId === null ? `sent by ${route}` : `sent by token ${tokenId.slice(0, 8)}`
}

function answerLines(report: AnswersReport, style: Style): readonly string[] {
  const { answers, explained, unexplained, differing, counts, tokens } = report
  const rows = differing.map(({ at, commandId, attempt, answer, was, would }) => [
    ...[showInstant(at), `${commandId} ${attempt}`, answer],
    ...[`${was.effect} (${was.row ?? 'unlisted'})`, `${would.effect} (${would.row ?? 'unlisted'})`],
  ])
  const [head = '', ...lines] = table(['answered', 'command', 'answer', 'was', 'would'], rows)
  return [
    ...(rows.length === 0 ? [] : [style.bold(head), ...lines, '']),
    `${answers} answers: ${explained} understood as the table of today, ${unexplained} otherwise`,
    ...Object.entries(counts).map(([change, count]) => printable(`${count} ${change}`)),
    style.marked(
      differing.length === 0 ? 'good' : 'open',
      `${differing.length} differ; ${tokens.released} tokens would be free, ${tokens.held} no more`,
    ),
  ]
}
