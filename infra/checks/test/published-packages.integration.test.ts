/**
 * What people install by itself: built, packed, and installed from its tarball in an empty folder
 * outside the workspace, where nothing of the repository can help it.
 */
import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../../..')
const TSC = join(ROOT, 'node_modules/.bin/tsc')
const folders: string[] = []

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** Builds and packs a package of the workspace, and installs the tarball somewhere empty. */
function installAlone(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'otn-alone-'))
  folders.push(folder)
  const home = join(ROOT, 'packages', name)
  const build = join(ROOT, 'infra/checks/src/build-package.ts')
  execFileSync(process.execPath, [build, home], { stdio: 'pipe' })
  execFileSync('npm', ['pack', '--pack-destination', folder], quietIn(join(home, 'dist')))
  const tarball = readdirSync(folder).find((file) => file.endsWith('.tgz')) ?? ''
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  execFileSync('npm', ['install', '--no-audit', '--no-fund', `./${tarball}`], quietIn(folder))
  return folder
}

const quietIn = (cwd: string) => ({ cwd, stdio: 'pipe', encoding: 'utf8' }) as const

function compile(folder: string, lines: readonly string[]): string {
  const file = join(folder, 'consumer.ts')
  writeFileSync(file, lines.join('\n'))
  const types = join(ROOT, 'node_modules/@types')
  const strict = ['--strict', '--exactOptionalPropertyTypes', '--noEmit', '--skipLibCheck']
  const nodeNext = ['--module', 'nodenext', '--target', 'es2024', '--typeRoots', types]
  const args = [...strict, ...nodeNext, '--types', 'node', file]
  try {
    return execFileSync(TSC, args, quietIn(folder))
  } catch (error) {
    return error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error)
  }
}

describe('the simulator, installed alone', () => {
  let folder: string
  beforeAll(() => {
    folder = installAlone('meta-simulator')
  })

  test('lets a program start it, tap and send', () => {
    const program = `
      import { startSimulator } from '@otn/meta-simulator'
      const simulator = await startSimulator()
      const [page] = simulator.pages
      const { token } = await simulator.tap({ pageId: page.pageId, payload: 'p' })
      const answer = await fetch(simulator.graphUrl + '/v21.0/me/messages', {
        method: 'POST',
        headers: {
          authorization: 'Bearer ' + page.accessToken,
          'content-type': 'application/json',
        },
        body: JSON.stringify({
          recipient: { one_time_notif_token: token },
          message: { text: 'It is back.' },
        }),
      })
      console.log(answer.status, simulator.truth().deliveries.length)
      await simulator.close()`
    const out = execFileSync(process.execPath, ['--eval', program], quietIn(folder))
    expect(out).toBe('200 1\n')
  })

  test('brings its types, and they refuse what the program would', () => {
    const right = [
      "import { type Simulator, startSimulator } from '@otn/meta-simulator'",
      'const simulator: Simulator = await startSimulator({ seed: "a" })',
      "const { token } = await simulator.tap({ pageId: '1', payload: 'p' })",
      'export const length: number = token.length',
    ]
    expect(compile(folder, right)).toBe('')
    const wrong = "await startSimulator({ seeds: 'a' })"
    expect(compile(folder, [...right, wrong])).toContain("'seeds' does not exist")
  })

  test('starts as a command, says where it listens, and ends at a signal', async () => {
    const bin = join(folder, 'node_modules/.bin/otn-meta-simulator')
    const child = spawn(bin, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
    for await (const line of createInterface(child.stdout)) {
      const { event, url }: { event: string; url?: string } = JSON.parse(line)
      if (event !== 'service.started') continue
      const answer = await fetch(`${url}/_sim/pages`)
      expect(await answer.json()).toMatchObject({ pages: [{ name: 'Blue Jacket Shop' }, {}, {}] })
      for (const file of ['', 'page/page.js', 'page/base.css']) {
        expect((await fetch(`${url}/${file}`)).status, file).toBe(200)
      }
      child.kill('SIGTERM')
    }
    expect(await ended).toBe(0)
  })

  test('names every wrong setting at once and starts nothing', () => {
    mkdirSync(join(folder, 'empty'))
    const bin = join(folder, 'node_modules/.bin/otn-meta-simulator')
    const env = { ...process.env, SIMULATOR_PORT: 'x', SIMULATOR_RETRY_PROFILE: 'never' }
    let stderr = ''
    try {
      execFileSync(bin, { ...quietIn(join(folder, 'empty')), env })
    } catch (error) {
      stderr = error instanceof Error && 'stderr' in error ? String(error.stderr) : ''
    }
    expect(stderr).toContain('2 settings are wrong')
    expect(stderr).toContain('SIMULATOR_PORT')
    expect(stderr).toContain('SIMULATOR_RETRY_PROFILE')
  })
})
