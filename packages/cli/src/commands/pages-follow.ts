import type { Command } from 'commander'
import type { ExitCode } from '../exit-code.ts'
import { pathOfPage, runSteps } from '../pages/ask-pages.ts'
import { confirm } from './confirm.ts'
import { type Cli, leaf, type Run, runs } from './leaf.ts'

interface FollowFlags {
  readonly beside: readonly string[]
}

interface DisconnectFlags {
  readonly force?: boolean
  readonly removeApp?: boolean
  readonly yes?: boolean
}

export function addPagesFollow(parent: Command, cli: Cli): void {
  const command = leaf(parent, {
    usage: 'follow <page>',
    summary: 'subscribes webhook and page again, as after a long failure',
    examples: ['pages follow 1000', 'pages follow 1000 --json'],
    remarks:
      'Uses the page token that is known here. Again it changes nothing. What may have been\n' +
      'missed meanwhile stands on the log: pnpm otn tail alarm',
  })
  command.option(
    '--beside <app>',
    'another app that may follow the page too; may be repeated',
    (app: string, before: readonly string[]) => [...before, app],
    [] as readonly string[],
  )
  const run = ({ beside }: FollowFlags, parts: Run) => {
    return runSteps(parts, { path: pathOfPage(command.args[0] ?? '', '/follow'), body: { beside } })
  }
  runs<FollowFlags>(command, { cli, reaches: ['pages'], run })
}

export function addPagesUnfollow(parent: Command, cli: Cli): void {
  const command = leaf(parent, {
    usage: 'unfollow <page>',
    summary: 'asks the platform for no more webhooks of a page that stays connected',
    examples: ['pages unfollow 1000'],
    remarks:
      'Opt-ins are lost from then on, and the watch follows the page again at its next round:\n' +
      'to leave a page for good, pnpm otn pages disconnect.',
  })
  const run = (_flags: object, parts: Run) =>
    runSteps(parts, { path: pathOfPage(command.args[0] ?? '', '/unfollow') })
  runs(command, { cli, reaches: ['pages'], run })
}

export function addPagesDisconnect(parent: Command, cli: Cli): void {
  const command = leaf(parent, {
    usage: 'disconnect <page>',
    summary: 'leaves a page: it is unfollowed, and nothing goes out for it',
    examples: ['pages disconnect 1000 --yes', 'pages disconnect 1000 --remove-app --yes'],
    remarks: 'Tokens that people gave stay on record. pnpm otn pages connect takes the page back.',
  })
  command
    .option('--force', 'also where the platform refuses to unfollow, as for a dead page token')
    .option('--remove-app', "ends the app's own subscription too, where it was the last page")
    .option('--yes', 'do not ask')
  const run = (flags: DisconnectFlags, parts: Run) =>
    disconnect(command.args[0] ?? '', flags, parts)
  runs<DisconnectFlags>(command, { cli, reaches: ['pages'], run })
}

async function disconnect(page: string, flags: DisconnectFlags, run: Run): Promise<ExitCode> {
  const { force: isForced = false, removeApp: removesApp = false, yes: isYes = false } = flags
  const path = pathOfPage(page, '/disconnect')
  const sentence = `Opt-ins and messages of page ${page} end until it is connected again.`
  await confirm(run.shell, { sentence, isYes })
  return runSteps(run, { path, body: { isForced, removesApp } })
}
