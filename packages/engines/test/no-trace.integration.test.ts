import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { startMongodb, waitFor } from '../src/index.ts'
import { isNativePossible } from './native-possible.ts'

const SCRIPT = fileURLToPath(new URL('./fixtures/hold-engines.ts', import.meta.url))

/** Where the children make their temporary data: nobody else's is looked at. */
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'otn-no-trace-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))
afterEach(() => {
  vi.unstubAllEnvs()
})

/** In a process group of its own, as a shell starts a command. */
function spawnHolder(): ChildProcess {
  return spawn(process.execPath, [SCRIPT], {
    detached: true,
    env: { ...process.env, TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

async function pidsOf(holder: ChildProcess): Promise<number[]> {
  const { stdout } = holder
  if (stdout === null) throw new Error('the holder has no output')
  const [line] = await once(stdout, 'data')
  return Object.values(JSON.parse(String(line)))
}

async function parentOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^PPid:\s+(\d+)$/m.exec(status)?.[1])
}

function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}`)
}

async function leavesNothing(pids: readonly number[]): Promise<void> {
  const isGone = async (): Promise<boolean> =>
    !pids.some(isAlive) && (await readdir(folder)).length === 0
  await waitFor(isGone, { timeoutMs: 60_000, describe: 'engines and their data to be gone' })
}

describe.runIf(await isNativePossible())('nothing is left behind', () => {
  test('when the process that started the engines is killed', async () => {
    const holder = spawnHolder()
    const pids = await pidsOf(holder)
    expect(pids).toHaveLength(3)
    expect(pids.every(isAlive)).toBe(true)
    holder.kill('SIGKILL')
    await leavesNothing(pids)
  })

  test('when Ctrl-C comes in the middle of the start', async () => {
    const holder = spawnHolder()
    await waitFor(async () => (await readdir(folder)).length === 1, {
      timeoutMs: 60_000,
      describe: 'the start to begin',
    })
    process.kill(-Number(holder.pid), 'SIGINT')
    await once(holder, 'exit')
    await leavesNothing([])
  })

  test('when the engines are stopped, even twice', async () => {
    vi.stubEnv('TMPDIR', folder)
    const mongodb = await startMongodb({ how: 'native' })
    const pid = Number(mongodb.members[0]?.pid())
    expect(await readdir(folder)).toHaveLength(1)
    await mongodb.members[0]?.pause()
    await Promise.all([mongodb.stop(), mongodb.stop()])
    expect(isAlive(pid)).toBe(false)
    expect(await readdir(folder)).toEqual([])
  })

  test('when the keeper of the engines is killed', async () => {
    vi.stubEnv('TMPDIR', folder)
    const mongodb = await startMongodb({ how: 'native' })
    const pid = Number(mongodb.members[0]?.pid())
    process.kill(await parentOf(pid), 'SIGKILL')
    await leavesNothing([pid])
    await mongodb.stop()
  })
})
