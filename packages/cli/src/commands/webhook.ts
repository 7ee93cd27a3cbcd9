import type { Command } from 'commander'
import { ingressHealthSettings } from '../cli-settings.ts'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import { callService, type JsonObject } from '../http/call-service.ts'
import { showInstant } from '../output/instant.ts'
import { pairs, table } from '../output/table.ts'
import { type Cli, leaf, type Run, runs } from './leaf.ts'

const HEADINGS = ['last', 'first', 'times', 'cause', 'pages', 'body']
/** Of a digest: enough to find the row in --json. */
const DIGEST_DIGITS = 12

export function addWebhookErrors(parent: Command, cli: Cli): void {
  const command = leaf(parent, {
    usage: 'errors',
    summary: 'webhooks that were lately not answered 200, newest first',
    examples: ['webhook errors', 'webhook errors --json'],
    remarks: 'Causes and what to do about each: docs/webhook-health.md',
  })
  runs(command, { cli, reaches: ['ingress'], run: showErrors })
}

export function addWebhookHealth(parent: Command, cli: Cli): void {
  const command = leaf(parent, {
    usage: 'health',
    summary: 'how webhooks are answered, and which alarms stand',
    examples: ['webhook health', 'webhook health --json'],
    remarks: 'Ends with 1 while an alarm stands.',
  })
  runs(command, { cli, reaches: ['ingress'], run: showHealth })
}

async function showErrors(_flags: object, parts: Run): Promise<ExitCode> {
  const answer = await ask(parts)
  const { output } = parts
  const rows = listOf(answer.recentErrors)
  output.data({ recentErrors: rows, metaSide: answer.metaSide }, (style) => {
    const [head = '', ...lines] = table(HEADINGS, rows.map(rowOf))
    return [style.bold(head), ...lines]
  })
  output.say(`${rows.length === 1 ? '1 row' : `${rows.length} rows`} since ${at(answer.since)}`)
  output.say(String(answer.metaSide))
  return exitCodes.ok
}

async function showHealth(_flags: object, parts: Run): Promise<ExitCode> {
  const answer = await ask(parts)
  const { output } = parts
  const alarms = listOf(answer.alarms)
  output.data(answer, (style) => [
    ...pairs(figuresOf(answer)),
    ...alarms.map(({ alarm, severity, detail }) =>
      style.marked('bad', `${alarm} (${severity}): ${detail}`),
    ),
  ])
  const { signature }: JsonObject = Object(answer.refused)
  if (answer.accepted === 0 && Number(signature) > 0) {
    output.say('signatures were refused and none verified: is META_APP_SECRET the right one?')
  }
  output.say(String(answer.metaSide))
  return alarms.length === 0 ? exitCodes.ok : exitCodes.failed
}

function ask({ context, shell }: Run): Promise<JsonObject> {
  const door = { name: 'ingress', fetch: shell.fetch, ...context.read(ingressHealthSettings) }
  return callService(door, { path: '/v1/webhook/health' })
}

function figuresOf(answer: JsonObject): readonly (readonly [string, string | null])[] {
  const { p50, p99, max, over5s, over20s }: JsonObject = Object(answer.latency)
  const refused = Object.entries(Object(answer.refused)).map(
    ([cause, count]) => `${cause} ${count}`,
  )
  const share =
    typeof answer.share200 === 'number' ? `${(answer.share200 * 100).toFixed(1)} %` : '-'
  return [
    ['on record since', at(answer.since)],
    ['window', `${answer.windowMinutes} min`],
    ['answered 200', `${answer.accepted} of ${answer.answers}; ${share} without strangers`],
    ['refused', refused.join(', ')],
    ['latency', `p50 ${p50 ?? '-'} ms, p99 ${p99 ?? '-'} ms, max ${max ?? '-'} ms`],
    ['above limits', `${over5s} above 5 s, ${over20s} above 20 s`],
    ['last 200', at(answer.last200AtMs)],
    ['failing since', typeof answer.failingSinceMs === 'number' ? at(answer.failingSinceMs) : null],
  ]
}

function rowOf({ lastAtMs, firstAtMs, times, cause, pages, bodySha256 }: JsonObject) {
  const named = Array.isArray(pages) ? pages.join(', ') : null
  const body = typeof bodySha256 === 'string' ? bodySha256.slice(0, DIGEST_DIGITS) : null
  return [at(lastAtMs), at(firstAtMs), String(times), String(cause), named, body]
}

function at(value: unknown): string {
  return typeof value === 'number' ? showInstant(value) : '-'
}

function listOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value : []
}
