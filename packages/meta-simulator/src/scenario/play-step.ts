/** Does one step of a scenario on a stage. @see scenario.ts for what each step means */
import { setTimeout as sleep } from 'node:timers/promises'

import { assertNever, isAppError } from '@otn/kernel'

import type { SentAnswer } from '../control/send-control.ts'
import { type Cast, impossible } from './cast.ts'
import { checkClaim, type Reality } from './check-claim.ts'
import type { Claim, Step, StepOf } from './scenario.ts'
import type { Stage } from './stage.ts'

/** How the page's software sends: by the simulator itself, or by a system under test. */
export type Sender = (input: {
  readonly pageId: string
  readonly psid: string
  readonly token: string
  readonly text: string
}) => Promise<SentAnswer | null>

export interface Play {
  readonly stage: Stage
  readonly cast: Cast
  readonly send: Sender
  readonly before: Reality['before']
}

const LOOK_AGAIN_MS = 20
const JUMPS_MAX = 10_000

/** @returns what is not as the step claims; none = all is well */
export async function playStep(step: Step, play: Play): Promise<readonly string[]> {
  const { stage, cast } = play
  switch (step.do) {
    case 'ask':
      return ask(step, play)
    case 'tap':
      return tap(step, play)
    case 'act': {
      const { pageId, psid } = await cast.get(step.who, step.page)
      await stage.act({ pageId, psid, act: step.act })
      return []
    }
    case 'send':
      return send(step, play)
    case 'weather':
      await change(step, play)
      return []
    case 'clock':
      await advance(step, play)
      return []
    case 'subscribe': {
      const { callbackUrl } = await stage.webhook()
      if (callbackUrl !== null) await stage.registerWebhook({ callbackUrl })
      await stage.subscribePages()
      return []
    }
    case 'wait-for':
      return waitFor(step, play)
    case 'expect':
      return look(step, play)
    default:
      return assertNever(step)
  }
}

async function ask(step: StepOf<'ask'>, { stage, cast }: Play): Promise<readonly string[]> {
  const part = await cast.get(step.who, step.page)
  const { title, payload } = step
  const { pageId, psid } = part
  const asked = await stage.ask({
    pageId,
    psid,
    payload,
    ...(title === undefined ? {} : { title }),
  })
  part.requestMid = asked.requestMid
  return []
}

async function tap(step: StepOf<'tap'>, { stage, cast }: Play): Promise<readonly string[]> {
  const part = cast.known(step.who)
  const { pageId, psid, requestMid } = part
  if (requestMid === null) throw impossible(`${step.who} was not asked yet`)
  for (let time = 1; time <= step.times; time += 1) {
    try {
      const { token } = await stage.tap({ pageId, psid, requestMid })
      if (!part.tokens.includes(token)) part.tokens.push(token)
    } catch (error) {
      if (!step.refused || !isAppError(error)) throw error
      continue
    }
    if (step.refused) return ['the tap was accepted, wanted is a refusal']
  }
  return []
}

async function send(step: StepOf<'send'>, play: Play): Promise<readonly string[]> {
  const { pageId, psid, tokens } = play.cast.known(step.who)
  const token = tokens.at(step.token ?? -1)
  if (token === undefined) throw impossible(`${step.who} has not tapped yet`)
  const answer = await play.send({ pageId, psid, token, text: step.text })
  // A system under test sends by itself; what it learns is its own affair.
  if (step.learns === undefined || answer === null) return []
  const learned = learnedFrom(answer)
  const matches = learned === step.learns || (step.learns === 'refused' && isCode(learned))
  return matches ? [] : [`the caller learned "${learned}", wanted is "${step.learns}"`]
}

/** `accepted`, `nothing`, or the code of the error as `code` or `code/subcode`. */
function learnedFrom({ status, body }: SentAnswer): string {
  if (status === null || body === null) return 'nothing'
  if (status === 200) return 'accepted'
  const [, code, subcode] = /"code":(\d+)(?:,"error_subcode":(\d+))?/.exec(body) ?? []
  if (code === undefined) return 'nothing'
  return subcode === undefined ? code : `${code}/${subcode}`
}

function isCode(learned: string): boolean {
  return learned !== 'accepted' && learned !== 'nothing'
}

async function change(step: StepOf<'weather'>, { stage, cast }: Play): Promise<void> {
  if (step.clear) {
    await stage.clearKnobs()
    await stage.clearWebhookWeather()
  }
  if (step.webhooks !== undefined) await stage.setWebhookWeather(step.webhooks)
  if (step.switches !== undefined) await stage.setSwitches(step.switches)
  if (step.calls === undefined) return
  const to = step.who === undefined ? {} : { psid: cast.known(step.who).psid }
  await stage.addKnob({ ...step.calls, ...to })
}

async function advance(step: StepOf<'clock'>, { stage }: Play): Promise<void> {
  const jumpMs = step.every ?? step.advance
  if (step.advance > jumpMs * JUMPS_MAX) throw impossible(`more than ${JUMPS_MAX} jumps in a step`)
  for (let leftMs = step.advance; leftMs > 0; leftMs -= jumpMs) {
    await stage.quiet()
    await stage.advance(Math.min(jumpMs, leftMs))
  }
  await stage.quiet()
}

async function waitFor(step: StepOf<'wait-for'>, play: Play): Promise<readonly string[]> {
  const endsAt = performance.now() + step.within
  for (;;) {
    const faults = await look(step, play)
    if (faults.length === 0 || performance.now() >= endsAt) return faults
    await sleep(LOOK_AGAIN_MS)
  }
}

async function look(claim: Claim, { stage, cast, before }: Play): Promise<readonly string[]> {
  const part = claim.who === undefined ? null : cast.known(claim.who)
  const truth = part === null ? null : await stage.truth({ pageId: part.pageId, psid: part.psid })
  const webhooks = await stage.webhook()
  const { nowMs } = await stage.clock()
  return checkClaim(claim, { truth, webhooks, nowMs, before })
}
