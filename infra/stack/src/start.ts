/**
 * `pnpm start`: everything on this machine, one real opt-in walked through and printed, then it
 * runs until Ctrl-C and leaves nothing behind.
 */
import { isAppError } from '@otn/kernel'
import { flowTable } from './flow-table.ts'
import { readStackFile } from './stack-file.ts'
import { readStackSettings } from './stack-settings.ts'
import { type Stack, startStack } from './start-stack.ts'
import { walk } from './walk.ts'
import { whenParentIsGone } from './when-parent-is-gone.ts'

const EXIT_CONFIG = 78
const EXIT_FAILED = 1
const EXIT_INTERRUPTED = 130

const say = (line: string): void => console.log(line)
let stack: Stack | undefined
let ending: Promise<never> | undefined

async function end(exitCode: number, why: string): Promise<never> {
  ending ??= (async () => {
    if (why !== '') say(why)
    await stack?.stop()
    process.exit(exitCode)
  })()
  return ending
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => void end(signal === 'SIGINT' ? EXIT_INTERRUPTED : 0, '\n  stopping …'))
}
whenParentIsGone(() => void end(0, ''))

try {
  await run()
} catch (error) {
  const known = isAppError(error)
  console.error(known ? error.message : error)
  await end(known && error.code === 'OTN_CONFIG_INVALID' ? EXIT_CONFIG : EXIT_FAILED, '')
}

async function run(): Promise<void> {
  const settings = readStackSettings(process.env)
  const withWalk = !process.argv.includes('--no-walk')
  if (settings.graphBaseUrl !== null && withWalk) {
    console.error('GRAPH_BASE_URL is given, so nobody here can tap: run pnpm start --no-walk')
    return end(EXIT_CONFIG, '')
  }
  if (readStackFile(settings.home)) {
    console.error('a stack already runs: use it with pnpm otn, or end it with pnpm stack down')
    return end(EXIT_FAILED, '')
  }
  const since = performance.now()
  say('\n  One-Time Notifications   all on this machine · nothing goes to Meta\n')
  stack = await startStack({
    settings,
    keepData: false,
    say,
    onGiveUp: (reason) => void end(EXIT_FAILED, `  ✖ ${reason}`),
  })
  const { file } = stack
  if (withWalk) say(`\n${flowTable(await walk(file))}\n`)
  say(`  ready after ${((performance.now() - since) / 1_000).toFixed(1)} s\n`)
  say(`  ingress     ${file.ingressUrl}/webhook`)
  say(`  ledger      ${file.ledgerUrl}/openapi.json`)
  say(`  dispatcher  ${file.dispatcherUrl}/openapi.json`)
  say(`  pages       ${file.registryUrl}/openapi.json`)
  if (file.simulatorUrl) say(`  the page    ${file.simulatorUrl}/`)
  say('\n  try   pnpm otn tail --since beginning     end   Ctrl-C\n')
}
