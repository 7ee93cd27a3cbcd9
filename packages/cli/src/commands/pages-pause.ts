import type { Command } from 'commander'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import { withPage } from '../pages/change-page.ts'
import { wantedPause } from '../pages/page-facts.ts'
import { type Cli, leaf, type Run, runs } from './leaf.ts'

export function addPagesPause(parent: Command, cli: Cli): void {
  const command = leaf(parent, {
    usage: 'pause <page>',
    summary: 'nothing of the page goes out until it is resumed',
    examples: ['pages pause 1000', 'pages pause 1000 --json'],
    remarks:
      'Messages and questions wait, without a token; a call under way ends. What has a giveUpAt\n' +
      'is given up then. Again, it changes nothing.',
  })
  const run = (_flags: object, parts: Run) => change(command.args[0] ?? '', true, parts)
  runs(command, { cli, reaches: ['kafka', 'registry'], run })
}

export function addPagesResume(parent: Command, cli: Cli): void {
  const command = leaf(parent, {
    usage: 'resume <page>',
    summary: 'a paused page goes on at once',
    examples: ['pages resume 1000', 'pages resume 1000 --json'],
    remarks:
      'It ends what `pages pause` began, not a block of the platform nor a lost access token.\n' +
      'Again, it changes nothing.',
  })
  const run = (_flags: object, parts: Run) => change(command.args[0] ?? '', false, parts)
  runs(command, { cli, reaches: ['kafka', 'registry'], run })
}

async function change(text: string, toPause: boolean, run: Run): Promise<ExitCode> {
  const { output } = run
  return withPage({ text, named: '<page>' }, run, async ({ pageId, page, publish }) => {
    const isSo = page.isPaused === toPause
    const fact = isSo ? null : await publish(wantedPause(toPause ? 'PagePaused' : 'PageResumed'))
    const state = toPause ? 'paused' : 'running'
    output.data({ pageId, state, eventId: fact?.eventId ?? null }, (style) => {
      const words = fact === null ? `is ${state} already` : toPause ? 'paused' : 'resumed'
      return [style.marked('good', `page ${pageId}  ${words}`)]
    })
    if (toPause) output.next(`pnpm otn pages resume ${pageId}`)
    return exitCodes.ok
  })
}
