import type { Command } from 'commander'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import type { JsonObject } from '../http/call-service.ts'
import { table } from '../output/table.ts'
import { askPages, pathOfPage, runSteps } from '../pages/ask-pages.ts'
import { loginToken, TOKEN_REMARKS, type TokenFlags, tokenOption } from '../pages/login-token.ts'
import { type Cli, leaf, type Run, runs } from './leaf.ts'

const HEADINGS = ['page', 'name', 'connected', 'followed', 'other apps', 'fault']
const OFFERS_MS = 120_000

interface ConnectFlags extends TokenFlags {
  readonly testUser?: boolean
  readonly beside: readonly string[]
  readonly graphVersion?: string
}

export function addPagesOffered(parent: Command, cli: Cli): void {
  const command = leaf(parent, {
    usage: 'offered',
    summary: 'all pages that a login could connect, followed or not',
    examples: ['pages offered --token-file login.txt', 'pages offered --json'],
    remarks: TOKEN_REMARKS,
  })
  tokenOption(command)
  runs<TokenFlags>(command, { cli, reaches: ['pages'], run: showOffers })
}

export function addPagesConnect(parent: Command, cli: Cli): void {
  const command = leaf(parent, {
    usage: 'connect <page>',
    summary: 'from a login to a page whose webhooks arrive; also gives it a new token',
    examples: [
      'pages connect 1000 --token-file login.txt',
      'pages connect 1000 --token-file login.txt --test-user',
      'pages connect 1000 --token-file login.txt --beside 2000 --json',
    ],
    remarks:
      `${TOKEN_REMARKS}\n` +
      'Again it changes nothing. Ends with 1 where a step failed; the guide: docs/pages.md',
  })
  tokenOption(command)
    .option(
      '--test-user',
      'the login is that of a test user, or of somebody with a role in the app',
    )
    .option(
      '--beside <app>',
      'another app that may follow the page too; may be repeated',
      added,
      [],
    )
    .option('--graph-version <version>', 'Graph version of this page, such as v21.0')
  const run = (flags: ConnectFlags, parts: Run) => connect(command.args[0] ?? '', flags, parts)
  runs<ConnectFlags>(command, { cli, reaches: ['pages'], run })
}

const added = (app: string, before: readonly string[]): readonly string[] => [...before, app]

async function showOffers(flags: TokenFlags, run: Run): Promise<ExitCode> {
  const body = { userToken: loginToken(flags, run.shell) }
  const call = { method: 'POST', path: '/v1/offers', body, timeoutMs: OFFERS_MS } as const
  const answer = await askPages(run, call)
  const items: readonly JsonObject[] = Array.isArray(answer.items) ? answer.items : []
  run.output.data(answer, (style) => {
    const [head = '', ...lines] = table(HEADINGS, items.map(rowOf))
    return [style.bold(head), ...lines]
  })
  const open = items.find(({ isConnected, fault }) => isConnected !== true && fault === null)
  if (open !== undefined) run.output.next(`pnpm otn pages connect ${open.pageId}`)
  return exitCodes.ok
}

function rowOf({ pageId, name, isConnected, isFollowed, otherApps, fault }: JsonObject) {
  const apps = Array.isArray(otherApps) && otherApps.length > 0 ? otherApps.join(', ') : null
  const followed = isFollowed === null ? null : yes(isFollowed)
  return [String(pageId), String(name), yes(isConnected), followed, apps, fault as string | null]
}

function yes(value: unknown): string {
  return value === true ? 'yes' : 'no'
}

function connect(page: string, flags: ConnectFlags, run: Run): Promise<ExitCode> {
  const { testUser: isTestUser = false, beside, graphVersion = null } = flags
  const path = pathOfPage(page, '/connect')
  const userToken = loginToken(flags, run.shell)
  return runSteps(run, { path, body: { userToken, isTestUser, beside, graphVersion } })
}
