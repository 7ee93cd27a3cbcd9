/** `otn-meta-simulator play FILE`: plays a scenario and says what came of each step. */
import { existsSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'

import { appError, isAppError } from '@otn/kernel'

import { connectStage } from './scenario/http-stage.ts'
import { startOwnCallback } from './scenario/own-callback.ts'
import { type PlayedStep, playScenario } from './scenario/play.ts'
import { readScenario } from './scenario/read-scenario.ts'
import type { Scenario } from './scenario/scenario.ts'
import { shippedScenarios } from './scenario/shipped-scenarios.ts'
import type { Stage } from './scenario/stage.ts'
import { startSimulator } from './start-simulator.ts'

const USAGE = `usage: otn-meta-simulator play FILE [--url URL] [--json]
  FILE  a scenario, or the name of a shipped one
  --url the control side of a running simulator; a simulator of its own when absent
  --json the report as JSON`

/** Exit codes after sysexits.h. */
const EXIT_FAULTS = 1
const EXIT_USAGE = 64
const EXIT_UNAVAILABLE = 69

export interface PlayTerminal {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
}

/** @returns the exit code: 0 played, 1 a step had faults, 64 wrong call or file, 69 no simulator */
export async function playCommand(
  args: readonly string[],
  { out, err }: PlayTerminal,
): Promise<number> {
  const call = readCall(args)
  if (call === null) {
    err(`${USAGE}\n`)
    return EXIT_USAGE
  }
  try {
    const scenario = findScenario(call.file)
    const { stage, close } = await (call.url === undefined ? ownStage() : stageAt(call.url))
    const onStep = (step: PlayedStep) => (call.json ? undefined : out(lineOf(step)))
    const report = await playScenario(scenario, { stage, onStep }).finally(close)
    if (call.json) out(`${JSON.stringify(report, null, 2)}\n`)
    else out(`${report.name}: ${report.ok ? 'played' : 'faults'}\n`)
    return report.ok ? 0 : EXIT_FAULTS
  } catch (error) {
    if (!isAppError(error)) throw error
    err(`${error.publicMessage}\n`)
    return error.code === 'OTN_HTTP_INVALID' ? EXIT_USAGE : EXIT_UNAVAILABLE
  }
}

function readCall(args: readonly string[]) {
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { url: { type: 'string' }, json: { type: 'boolean', default: false } },
    })
    const [file, ...more] = positionals
    return file === undefined || more.length > 0 ? null : { file, ...values }
  } catch {
    return null
  }
}

function findScenario(file: string): Scenario {
  const shipped = shippedScenarios()
  const found = shipped.get(file)
  if (found !== undefined) return found
  if (existsSync(file)) return readScenario(readFileSync(file, 'utf8'), file)
  const message = `${file}: no such file, and none of ${[...shipped.keys()].join(', ')}`
  throw appError('OTN_HTTP_INVALID', { message, publicMessage: message })
}

interface OpenStage {
  readonly stage: Stage
  close(): Promise<void>
}

async function stageAt(url: string): Promise<OpenStage> {
  return { stage: await connectStage(url.replace(/\/$/, '')), close: async () => {} }
}

async function ownStage(): Promise<OpenStage> {
  const simulator = await startSimulator({ clock: { running: false } })
  const callback = await startOwnCallback(simulator.appSecret)
  await simulator.registerWebhook({ callbackUrl: callback.url })
  const pageIds = simulator.pages.map(({ pageId }) => pageId)
  const close = async (): Promise<void> => {
    await simulator.close()
    await callback.close()
  }
  return { stage: { ...simulator, pageIds }, close }
}

function lineOf({ number, does, says, faults, atMs }: PlayedStep): string {
  const sentence = says === null ? '' : `  ${says}`
  const outcome = faults.map((fault) => `      ${fault}\n`).join('')
  const mark = faults.length === 0 ? 'ok  ' : 'FAIL'
  return `${mark} ${number} ${does} (${new Date(atMs).toISOString()})${sentence}\n${outcome}`
}
