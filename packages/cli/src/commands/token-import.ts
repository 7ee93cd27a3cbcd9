import { resolve } from 'node:path'
import { pepperKey } from '@otn/runtime/settings'
import { createIdentity, createVault, parseMasterKeys, pepperCheck } from '@otn/vault'
import type { Command } from 'commander'
import { logSettings, sealingSettings } from '../cli-settings.ts'
import { CliError, type ExitCode, exitCodes } from '../exit-code.ts'
import { printable } from '../output/printable.ts'
import { table } from '../output/table.ts'
import type { ImportPlan } from '../tokens/import-plan.ts'
import { planImport, publishImport, type TokenFile } from '../tokens/import-tokens.ts'
import { FORMATS, type Format, LINE_CHARACTERS_MAX, LINES_MAX } from '../tokens/read-lines.ts'
import { confirm } from './confirm.ts'
import { choiceFlag, usage } from './flags.ts'
import { type Cli, leaf, type Run, runs } from './leaf.ts'

const CLOSE_MS = 5_000
/** Enough to see what is wrong; `--json` carries more. */
const UNREADABLE_SHOWN_MAX = 20

interface ImportFlags {
  readonly format?: string
  readonly yes?: boolean
  readonly dryRun?: boolean
}

export function addTokenImport(parent: Command, cli: Cli): void {
  const command = leaf(parent, {
    usage: 'import <file>',
    summary: 'publish tokens that another tool collected',
    examples: [
      'token import tokens.csv --dry-run',
      'token import tokens.jsonl --yes',
      'token import export.txt --format csv',
    ],
    remarks:
      'CSV with a header, or one JSON object a line, in UTF-8: pageId, psid, token, payload\n' +
      '(may be empty), grantedAt (ISO 8601 with a zone, or seconds or ms since 1970), kind if\n' +
      'it is not one_time_notif_req. The page’s rules name the topic; a topic in the file is\n' +
      'not read.\n' +
      'A plan is shown first. A line that cannot be read goes to quarantine, sealed. Importing\n' +
      'again, or what came by webhook, adds nothing: after a cut, run it again.\n' +
      `At most ${LINE_CHARACTERS_MAX} characters a line and ${LINES_MAX} lines a file.`,
  })
  command
    .option('--format <format>', 'csv or jsonl, where the name of the file does not say it')
    .option('--dry-run', 'show the plan, and publish nothing')
    .option('--yes', 'do not ask')
  const run = (flags: ImportFlags, parts: Run) => runImport(flags, command.args[0] ?? '', parts)
  runs<ImportFlags>(command, { cli, reaches: ['kafka', 'registry'], run })
}

async function runImport(flags: ImportFlags, name: string, run: Run): Promise<ExitCode> {
  const { context, output, shell } = run
  const format = formatOf(flags, name)
  const { personPepper, masterKey } = context.read(sealingSettings)
  const settings = context.read(logSettings)
  const file = fileOf(name, { format, run })
  const parsed = parseMasterKeys(masterKey.reveal())
  if ('fault' in parsed) {
    throw new CliError(exitCodes.configuration, `OTN_MASTER_KEY: ${parsed.fault}`)
  }
  const vault = createVault(parsed.keys)
  const pepper = pepperKey(personPepper)
  const [identity, check] = [createIdentity(pepper), pepperCheck(pepper)]
  const log = await shell.openLog(settings)
  try {
    const { signal } = shell
    const nowMs = shell.nowMs()
    const surroundings = { log, identity, pepperCheck: check, nowMs, signal, vault }
    const planned = await planImport(file, surroundings)
    const { plan } = planned
    const isWanted = !flags.dryRun && plan.tokens + plan.quarantined > 0
    const tell = () => report(plan, { isPublished: !flags.dryRun, run })
    if (!isWanted) return tell()
    if (!flags.yes) for (const line of planLines(plan)) output.say(line)
    await confirm(shell, { sentence: sentenceOf(plan), isYes: flags.yes ?? false })
    const onProgress = (done: number, of: number) => output.say(`${done} of ${of} acknowledged`)
    await publishImport(file, planned, { ...surroundings, onProgress })
    return tell()
  } finally {
    await log.bus.close(CLOSE_MS)
  }
}

function formatOf({ format }: ImportFlags, name: string): Format {
  const given = choiceFlag('--format', { text: format, of: FORMATS })
  const named = FORMATS.find((one) => name.toLowerCase().endsWith(`.${one}`))
  if (given ?? named) return given ?? named ?? 'csv'
  throw usage('--format', { got: 'nothing', wanted: 'csv or jsonl, as the file’s name says none' })
}

function fileOf(
  name: string,
  { format, run: { shell } }: { readonly format: Format; readonly run: Run },
): TokenFile {
  const path = resolve(shell.env.INIT_CWD ?? shell.cwd, name)
  const open = () => {
    const bytes = shell.openFile(path)
    if (bytes === null) throw usage('<file>', { got: path, wanted: 'a file that can be read' })
    return bytes
  }
  return { format, open }
}

function sentenceOf({ tokens, quarantined }: ImportPlan): string {
  const counted = tokens === 1 ? '1 token' : `${tokens} tokens`
  const lines = quarantined === 1 ? '1 line' : `${quarantined} lines`
  const rest = quarantined === 0 ? '' : `, and ${lines} will stand in quarantine`
  return `${counted} will count as consent${rest}.`
}

interface Told {
  readonly isPublished: boolean
  readonly run: Run
}

function report(plan: ImportPlan, { isPublished, run: { output } }: Told): ExitCode {
  output.data({ published: isPublished, ...plan }, () => planLines(plan))
  const { tokens, quarantined, unchanged } = plan
  const verb = isPublished ? 'published' : 'would be published'
  output.say(`${tokens} ${verb}, ${quarantined} to quarantine, ${unchanged} unchanged`)
  const [first] = plan.topics
  if (first) output.next(`pnpm otn token list --page ${printable(first.pageId)}`)
  return exitCodes.ok
}

/** Numbers, pages, topics and names of fields; never what stood in a line. */
function planLines(plan: ImportPlan): readonly string[] {
  const rows = plan.topics.map(({ pageId, topic, tokens, expired }) => [
    printable(pageId),
    topic ?? 'no rule names one',
    `${tokens}`,
    `${expired}`,
  ])
  const shown = plan.unreadable.slice(0, UNREADABLE_SHOWN_MAX)
  return [
    ...(rows.length === 0
      ? ['nothing to add']
      : table(['page', 'topic', 'tokens', 'of them expired'], rows)),
    ...(plan.unmapped === 0
      ? []
      : [`${plan.unmapped} without a topic: set rules first, or assign them later`]),
    ...plan.flagged.map(({ flag, tokens }) => `${tokens} with a payload that carries ${flag}`),
    ...(plan.expired === 0 ? [] : [`${plan.expired} older than a year: kept as history`]),
    ...(plan.repeated === 0 ? [] : [`${plan.repeated} lines say what an earlier line says`]),
    ...shown.map(({ line, fields }) => `line ${line} cannot be read: ${fields.join(', ')}`),
  ]
}
