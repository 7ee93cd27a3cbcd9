import type { Command } from 'commander'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import type { JsonObject } from '../http/call-service.ts'
import { showInstant } from '../output/instant.ts'
import { pairs, table } from '../output/table.ts'
import { askPages, pathOfPage } from '../pages/ask-pages.ts'
import { wholeFlag } from './flags.ts'
import { type Cli, leaf, type Run, runs } from './leaf.ts'

const HEADINGS = ['page', 'name', 'standing', 'followed', 'one-time', 'alarms', 'checked']
const GRANTED = 'granted'

const LIMIT_MAX = 200

interface ListFlags {
  readonly all?: boolean
  readonly after?: string
  readonly limit?: string
}

export function addPagesList(parent: Command, cli: Cli): void {
  const command = leaf(parent, {
    usage: 'list',
    summary: 'the pages that are connected, followed or not',
    examples: ['pages list', 'pages list --all --json'],
    remarks: 'Ends with 1 while an alarm stands.',
  })
  command
    .option('--all', 'also those that are connected no more')
    .option('--after <cursor>', 'go on after an earlier answer')
    .option('--limit <count>', 'at most so many')
  runs<ListFlags>(command, { cli, reaches: ['pages'], run: list })
}

export function addPagesShow(parent: Command, cli: Cli): void {
  const command = leaf(parent, {
    usage: 'show <page>',
    summary: 'the card of a page: app, permissions, dates, standing',
    examples: ['pages show 1000', 'pages show 1000 --json'],
    remarks: 'Ends with 1 while an alarm stands.',
  })
  const run = (_flags: object, parts: Run) => show(command.args[0] ?? '', parts)
  runs(command, { cli, reaches: ['pages'], run })
}

async function list({ all = false, after, limit }: ListFlags, run: Run): Promise<ExitCode> {
  if (limit !== undefined) wholeFlag('--limit', { text: limit, min: 1, max: LIMIT_MAX })
  const ask = (from: string | undefined) => {
    const query = { all: String(all), after: from, limit: limit ?? String(LIMIT_MAX) }
    return askPages(run, { path: '/v1/pages', query })
  }
  const isPart = after !== undefined || limit !== undefined
  let answer = await ask(after)
  const items = [...listOf(answer.items)]
  // All of them unless a part is asked for: an alarm may stand on the last.
  while (!isPart && typeof answer.next === 'string') {
    answer = await ask(answer.next)
    items.push(...listOf(answer.items))
  }
  run.output.data({ ...answer, items }, (style) => {
    const [head = '', ...lines] = table(HEADINGS, items.map(rowOf))
    return [style.bold(head), ...lines]
  })
  run.output.say(items.length === 1 ? '1 page' : `${items.length} pages`)
  if (typeof answer.next === 'string') run.output.say(`more: --after ${answer.next}`)
  return items.some(({ alarms }) => Number(alarms) > 0) ? exitCodes.failed : exitCodes.ok
}

function rowOf(page: JsonObject): readonly (string | null)[] {
  const { pageId, name, standing, isFollowed, oneTimeNotification, alarms, checkedAt } = page
  const followed = isFollowed === null ? null : said(isFollowed)
  return [
    ...[String(pageId), textOf(name), String(standing), followed],
    ...[String(oneTimeNotification), String(alarms), at(checkedAt)],
  ]
}

async function show(page: string, run: Run): Promise<ExitCode> {
  const card = await askPages(run, { path: pathOfPage(page) })
  const capabilities = listOf(card.capabilities)
  const alarms = listOf(card.alarms)
  run.output.data(card, (style) => [
    ...pairs(factsOf(card)),
    ...pairs(capabilities.map((one) => [String(one.name), capabilityText(one)])),
    ...listOf(card.gaps).map((gap) =>
      style.marked('open', `webhooks may be missing from ${at(gap.from)} to ${at(gap.until)}`),
    ),
    ...alarms.map(({ alarm, severity, detail }) =>
      style.marked('bad', `${alarm} (${severity}): ${detail}`),
    ),
  ])
  const oneTime = capabilities.find(({ name }) => name === 'one-time-notification')
  if (oneTime?.state !== GRANTED) {
    run.output.say(`To apply for One-Time Notification: ${card.whereToApply}`)
  }
  return alarms.length === 0 ? exitCodes.ok : exitCodes.failed
}

function factsOf(card: JsonObject): readonly (readonly [string, string | null])[] {
  const webhook: JsonObject = Object(card.webhook)
  const missing = Array.isArray(webhook.missingFields) ? webhook.missingFields.join(', ') : ''
  const permissions = Array.isArray(card.permissions) ? card.permissions.join(', ') : ''
  return [
    ['page', String(card.pageId)],
    ['name', textOf(card.name)],
    ['app', textOf(card.appId)],
    ['standing', String(card.standing)],
    ['connected', at(card.connectedAt)],
    ['Graph version', textOf(card.graphVersion)],
    ['token', textOf(card.tokenKind)],
    ['token ends', at(card.tokenExpiresAt) ?? 'not by itself, or not known'],
    ['permissions', permissions],
    ['followed', card.isFollowed === null ? 'not known' : said(card.isFollowed)],
    ['app subscribed', webhook.isAppSubscribed === null ? null : said(webhook.isAppSubscribed)],
    ['missing fields', missing],
    ['last seen well', at(webhook.lastGoodAt)],
    ['last looked at', at(card.checkedAt)],
    ['fault', textOf(webhook.fault)],
  ]
}

function capabilityText({ state, at: toldAt, occurredAt, detail, termsAcceptedAt }: JsonObject) {
  const since = at(occurredAt) ?? at(toldAt)
  const terms = at(termsAcceptedAt)
  return [
    `${state} since ${since}`,
    ...(terms === null ? [] : [`terms accepted ${terms}`]),
    ...(typeof detail === 'string' ? [detail] : []),
  ].join('; ')
}

function said(value: unknown): string {
  return value === true ? 'yes' : 'no'
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

function at(value: unknown): string | null {
  return typeof value === 'number' ? showInstant(value) : null
}

function listOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value : []
}
