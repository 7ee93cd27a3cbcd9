import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { keepResults } from './keep-results.ts'
import type { Stage } from './stages.ts'
import { type ReportOfTroubles, type WentWrong, whatWentWrong } from './what-went-wrong.ts'

const ROOT = join(import.meta.dirname, '../../..')

const LINES_SHOWN = 120

export interface StageResult extends WentWrong {
  readonly name: string
  readonly passedCount: number
  readonly failedCount: number
  readonly seconds: number
}

/** Runs one stage; its output goes through, and a tool's noise is shown only when it failed. */
export async function runStage(stage: Stage): Promise<StageResult> {
  const since = performance.now()
  const outcome = stage.kind === 'tests' ? await runTests(stage) : await runTool(stage)
  const seconds = Math.round((performance.now() - since) / 100) / 10
  return { name: stage.name, ...outcome, seconds }
}

type Outcome = Omit<StageResult, 'name' | 'seconds'>

const NOTHING_WRONG: WentWrong = { failed: [], secondTry: [] }

async function runTool({ command, sawSomething }: Stage): Promise<Outcome> {
  const { code, output } = await run(command, 'collect')
  const sawIt = sawSomething === undefined || sawSomething.test(output)
  if (code !== 0) console.log(lastLines(output))
  else if (!sawIt) console.log(`it saw nothing to check; its output:\n${lastLines(output)}`)
  const passedCount = code === 0 && sawIt ? 1 : 0
  return { passedCount, failedCount: 1 - passedCount, ...NOTHING_WRONG }
}

/** Tools say what is wrong at their end; what they looked at before would bury it. */
function lastLines(output: string): string {
  return output.trimEnd().split('\n').slice(-LINES_SHOWN).join('\n')
}

interface Report extends ReportOfTroubles {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numFailedTestSuites: number
  readonly numPendingTests: number
}

async function runTests({ name, command }: Stage): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'otn-tests-'))
  const outputFile = join(folder, 'report.json')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${outputFile}`]
  const { code } = await run([...command, ...reporters], 'show')
  const report = readReport(outputFile)
  rmSync(folder, { recursive: true, force: true })
  keepResults({ root: ROOT, stage: name, report, nowMs: Date.now() })
  if (report === null) return { passedCount: 0, failedCount: 1, ...NOTHING_WRONG }
  const skipped = report.numPendingTests
  if (skipped > 0) console.log(`${name}: ${skipped} skipped, which counts as failed`)
  const broken = report.numFailedTests === 0 && (code !== 0 || report.numPassedTests === 0) ? 1 : 0
  return {
    passedCount: report.numPassedTests,
    failedCount: report.numFailedTests + skipped + broken,
    ...whatWentWrong(report, ROOT),
  }
}

function readReport(path: string): Report | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return null
  }
}

interface Ended {
  readonly code: number
  readonly output: string
}

function run(command: Stage['command'], output: 'show' | 'collect'): Promise<Ended> {
  const bin = join(ROOT, 'node_modules/.bin')
  const [program, ...args] = command
  const child = spawn(program, args, {
    cwd: ROOT,
    env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}` },
    stdio: [
      'ignore',
      output === 'show' ? 'inherit' : 'pipe',
      output === 'show' ? 'inherit' : 'pipe',
    ],
  })
  const chunks: Buffer[] = []
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk))
  return new Promise((resolve) => {
    const done = (code: number) => resolve({ code, output: Buffer.concat(chunks).toString('utf8') })
    child.once('close', (code) => done(code ?? 1))
    child.once('error', () => done(1))
  })
}
