import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { waitFor } from '@otn/engines'
import { flow } from '@otn/stack'
import { afterEach, describe, expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../../..')
const START = join(ROOT, 'infra/stack/src/start.ts')
const READY_MS = 240_000
const END_MS = 60_000

interface Started {
  readonly child: ChildProcess
  readonly home: string
  output(): string
  readonly exit: Promise<number | NodeJS.Signals | null>
}

const homes: string[] = []
afterEach(() => {
  for (const home of homes.splice(0)) rmSync(home, { recursive: true, force: true })
})

/** Runs `start` in a process group of its own, as a terminal does; `by` stands for `npx` above it. */
function start(
  env: Readonly<Record<string, string>> = {},
  by: 'itself' | 'shell' = 'itself',
): Started {
  const home = mkdtempSync(join(tmpdir(), 'otn-start-'))
  homes.push(home)
  const command = [process.execPath, START] as const
  const [program, args] =
    by === 'itself'
      ? [command[0], [command[1]]]
      : ['sh', ['-c', `"${command[0]}" "${command[1]}"; true`]]
  const child = spawn(program, args, {
    cwd: ROOT,
    env: { ...process.env, OTN_HOME: home, ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  child.stdout?.on('data', (chunk) => {
    output += String(chunk)
  })
  child.stderr?.on('data', (chunk) => {
    output += String(chunk)
  })
  const exit = new Promise<number | NodeJS.Signals | null>((resolve) =>
    child.once('exit', (code, signal) => resolve(code ?? signal)),
  )
  return { child, home, output: () => output, exit }
}

/** Processes that were started, however far down, with this home in their environment. */
function processesOf(home: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`OTN_HOME=${home}`)
      } catch {
        return false
      }
    })
}

const untilReady = ({ output, child }: Started) =>
  waitFor(() => output().includes('end   Ctrl-C') || child.exitCode !== null, {
    timeoutMs: READY_MS,
    describe: 'the stack to be ready',
  })
const untilGone = (home: string) =>
  waitFor(() => processesOf(home).length === 0, {
    timeoutMs: END_MS,
    describe: `no process of ${home} to be left`,
  })

describe('pnpm start', () => {
  test('walks one opt-in through, prints every step with its time, and Ctrl-C leaves nothing', async () => {
    const started = start()
    await untilReady(started)
    const said = started.output()
    for (const { step, file } of flow) {
      expect(said).toMatch(new RegExp(`${step} +\\d\\d:\\d\\d:\\d\\d\\.\\d{3} +\\+\\d+ ms`))
      expect(said).toContain(file)
    }
    expect(existsSync(join(started.home, 'stack.json'))).toBe(true)
    expect(processesOf(started.home).length).toBeGreaterThan(6)
    process.kill(-(started.child.pid ?? 0), 'SIGINT')
    expect(await started.exit).toBe(130)
    await untilGone(started.home)
    expect(existsSync(join(started.home, 'stack.json'))).toBe(false)
  })

  test('ends with the process above it, which may pass no signal on', async () => {
    const started = start({}, 'shell')
    await untilReady(started)
    process.kill(started.child.pid ?? 0, 'SIGKILL')
    await untilGone(started.home)
  })

  test('a wrong setting of any part is named before anything starts', async () => {
    const wrong = {
      INGRESS_DEADLINE_MS: '9',
      LEDGER_PORT: 'x',
      OTN_PAGES_FILE: 'no-such-pages.json',
      GRAPH_BASE_URL: 'http://127.0.0.1:9',
    }
    const started = start(wrong)
    expect(await started.exit).toBe(78)
    const said = started.output()
    for (const name of [...Object.keys(wrong).slice(0, 3), 'META_APP_SECRET']) {
      expect(said).toContain(name)
    }
    expect(said).toContain('a file that cannot be read')
    expect(said).toContain('nothing was started')
    expect(processesOf(started.home)).toEqual([])
  })

  test('a taken port is named with its setting and its owner before anything starts', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const started = start({ LEDGER_PORT: String(port) })
    expect(await started.exit).toBe(1)
    expect(started.output()).toMatch(
      new RegExp(`LEDGER_PORT: port ${port} is taken by .*${process.pid}`),
    )
    expect(processesOf(started.home)).toEqual([])
    await new Promise((resolve) => server.close(resolve))
  })
})
