/** The background process of `pnpm stack up`: tells its starter `ready`, ends on SIGTERM. */
import { isAppError } from '@otn/kernel'
import { readStackSettings } from './stack-settings.ts'
import { type Stack, startStack } from './start-stack.ts'

const EXIT_CONFIG = 78
const EXIT_FAILED = 1

const say = (line: string): void => console.log(line)
let stack: Stack | undefined
let ending: Promise<never> | undefined

function end(exitCode: number): Promise<never> {
  ending ??= (async () => {
    await stack?.stop()
    process.exit(exitCode)
  })()
  return ending
}

process.on('SIGTERM', () => void end(0))
process.on('SIGINT', () => {})
process.on('SIGHUP', () => {})

try {
  stack = await startStack({
    settings: readStackSettings(process.env),
    keepData: true,
    say,
    onGiveUp: (reason) => {
      say(`  ✖ ${reason}`)
      void end(EXIT_FAILED)
    },
  })
  process.send?.('ready')
} catch (error) {
  const known = isAppError(error)
  console.error(known ? error.message : error)
  await end(known && error.code === 'OTN_CONFIG_INVALID' ? EXIT_CONFIG : EXIT_FAILED)
}
