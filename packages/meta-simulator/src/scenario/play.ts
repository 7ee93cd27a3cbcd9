/** The one player: plays a scenario step by step on a stage and tells what came of it. */
import { isAppError } from '@otn/kernel'

import { createCast } from './cast.ts'
import { playStep, type Sender } from './play-step.ts'
import type { Scenario, Step } from './scenario.ts'
import type { Stage } from './stage.ts'

export interface PlayedStep {
  /** From 1. */
  readonly number: number
  readonly does: Step['do']
  readonly says: string | null
  /** What was not as the step claims; none = all is well. */
  readonly faults: readonly string[]
  /** The simulator's clock after the step. */
  readonly atMs: number
}

export interface PlayReport {
  readonly name: string
  readonly ok: boolean
  /** Up to the first step with faults; the rest was not played. */
  readonly steps: readonly PlayedStep[]
}

export interface PlayInput {
  readonly stage: Stage
  /** How the page's software sends; through the simulator itself when absent. */
  readonly send?: Sender
  readonly onStep?: (step: PlayedStep) => void
}

/** Plays until a step has faults. A step that cannot be done is a fault of that step. */
export async function playScenario(scenario: Scenario, input: PlayInput): Promise<PlayReport> {
  const { stage, send = sendByStage(stage), onStep } = input
  const { lost, alerts } = await stage.webhook()
  const before = { lost, alerts: alerts.length }
  const play = { stage, cast: createCast(stage), send, before }
  const steps: PlayedStep[] = []
  for (const [index, step] of scenario.steps.entries()) {
    const faults = await faultsOf(() => playStep(step, play))
    const { nowMs: atMs } = await stage.clock()
    const played = { number: index + 1, does: step.do, says: step.says ?? null, faults, atMs }
    steps.push(played)
    onStep?.(played)
    if (faults.length > 0) return { name: scenario.name, ok: false, steps }
  }
  return { name: scenario.name, ok: true, steps }
}

async function faultsOf(step: () => Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await step()
  } catch (error) {
    if (isAppError(error)) return [error.publicMessage]
    throw error
  }
}

function sendByStage(stage: Stage): Sender {
  return async ({ pageId, token, text }) => stage.send({ pageId, token, message: { text } })
}
