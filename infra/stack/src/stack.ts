/** `pnpm stack up` and `pnpm stack down [--wipe]`: the same stack, in the background. */
import { fork } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { waitFor } from '@otn/engines'
import { isAppError } from '@otn/kernel'
import { readStackFile, removeStackFile } from './stack-file.ts'
import { readStackSettings } from './stack-settings.ts'

const EXIT_USAGE = 2
const EXIT_FAILED = 1
const EXIT_CONFIG = 78
const DOWN_MS = 60_000

const [verb, ...flags] = process.argv.slice(2)

try {
  if (verb === 'up' && flags.length === 0) await up()
  else if (verb === 'down' && flags.every((flag) => flag === '--wipe')) await down()
  else {
    console.error('usage: pnpm stack up | pnpm stack down [--wipe]')
    process.exitCode = EXIT_USAGE
  }
} catch (error) {
  const known = isAppError(error)
  console.error(known ? error.message : error)
  process.exitCode = known && error.code === 'OTN_CONFIG_INVALID' ? EXIT_CONFIG : EXIT_FAILED
}

async function up(): Promise<void> {
  const { home } = readStackSettings(process.env)
  const running = readStackFile(home)
  if (running) {
    const dead = deadEngines(running.pids)
    if (dead.length === 0) return console.log('the stack already runs')
    console.error(`the stack runs, but ended: ${dead.join(', ')}`)
    console.error('next: pnpm stack down, then pnpm stack up; the data stay')
    process.exitCode = EXIT_FAILED
    return
  }
  mkdirSync(join(home, 'logs'), { recursive: true })
  const logFile = join(home, 'logs', 'stack.log')
  const log = openSync(logFile, 'w')
  const daemon = fork(join(import.meta.dirname, 'stack-daemon.ts'), [], {
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
  })
  closeSync(log)
  const outcome = await new Promise<string>((resolve) => {
    daemon.once('message', (message) => resolve(String(message)))
    daemon.once('exit', (code) => resolve(`exit ${code}`))
  })
  process.stdout.write(readFileSync(logFile, 'utf8'))
  if (outcome !== 'ready') {
    process.exitCode = outcome === `exit ${EXIT_CONFIG}` ? EXIT_CONFIG : EXIT_FAILED
    return
  }
  daemon.disconnect()
  daemon.unref()
  const simulatorUrl = readStackFile(home)?.simulatorUrl
  if (simulatorUrl) console.log(`  the page of the pretend Messenger: ${simulatorUrl}/`)
  console.log(`  ready; addresses and keys: ${join(home, 'stack.json')}`)
}

async function down(): Promise<void> {
  const { home } = readStackSettings(process.env)
  const running = readStackFile(home)
  const pid = running?.pids.stack
  if (pid !== undefined) {
    process.kill(pid, 'SIGTERM')
    const isGone = () => readStackFile(home) === null && !exists(pid)
    await waitFor(isGone, { timeoutMs: DOWN_MS, describe: 'the stack to end' })
  }
  removeStackFile(home)
  if (flags.includes('--wipe')) {
    rmSync(join(home, 'data'), { recursive: true, force: true })
    rmSync(join(home, 'secrets.json'), { force: true })
    rmSync(join(home, 'schema-ids.json'), { force: true })
  }
  console.log(pid === undefined ? 'no stack runs' : 'the stack has ended')
}

/** The stack starts services again by itself, engines never: what they hold may be what broke. */
function deadEngines(pids: Readonly<Record<string, number>>): readonly string[] {
  const names = Object.keys(pids).filter((name) => /^(kafka|mongod|registry)/.test(name))
  return names.filter((name) => !exists(pids[name] ?? 0))
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
