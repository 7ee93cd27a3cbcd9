/** What Meta answers, or does not, whatever it did. */
import { setTimeout as delay } from 'node:timers/promises'
import { waitFor } from '@otn/engines'
import type { Simulator } from '@otn/meta-simulator'
import type { Exercise } from '../exercise.ts'

type Knob = Parameters<Simulator['addKnob']>[0]

const STRIKES = 4
const USED_UP_MS = 60_000
/** Twice the longest pause of a page whose calls nobody answered. */
const HEALED_MS = 120_000
const HEALED_LOOK_MS = 250

/** Column "per change" of R8: each strikes a few calls, some of which were carried out. */
const KNOBS: Readonly<Record<string, Knob>> = {
  'delivered, then cut': { name: 'delivered-then-cut' },
  'delivered, then 5xx': { name: 'delivered-then-5xx' },
  'delivered after the time-out': { name: 'slow', waitBeforeMs: 1_500 },
  'delivered, answer late': {
    ...{ deliver: true, answer: { kind: 'genuine' }, waitAfterMs: 1_500 },
  },
  'delivered, 1/1357046': { name: 'delivered-answer-lost' },
  'delivered, no answer at all': { name: 'delivered-no-answer-at-all' },
  'delivered, cut, no echo': { name: 'delivered-then-cut', echo: 'absent' },
  'delivered, cut, echo late': { name: 'delivered-then-cut', echo: 'late', echoDelayMs: 3_000 },
  'delivered, cut, echo doubled': { name: 'delivered-then-cut', echo: 'doubled' },
  'not delivered, no answer at all': { name: 'no-answer-at-all' },
  'not delivered, cut': { name: 'cut' },
  'not delivered, 5xx': { name: '5xx' },
  'torn JSON': { name: 'torn-json' },
  'HTML from a proxy': { name: 'html-from-a-proxy' },
  'HTML from a proxy, delivered': { name: 'html-from-a-proxy', deliver: true },
  'wrong content, 200 and nothing in it': {
    ...{ deliver: true, answer: { kind: 'empty', status: 200 } },
  },
  'rate limit': {
    ...{ deliver: false, answer: { kind: 'throttle', code: 613, status: 400, regainMinutes: 0 } },
  },
  'rate limit of the page': {
    ...{ deliver: false, answer: { kind: 'throttle', code: 80006, status: 400, regainMinutes: 0 } },
  },
  'an unknown code': { deliver: false, answer: { kind: 'error', status: 400, code: 987_654 } },
  'an unknown code, delivered': {
    ...{ deliver: true, answer: { kind: 'error', status: 400, code: 987_655 } },
  },
  'person blocked': { name: 'blocked' },
  'the token expired between claim and call (K21)': { name: 'token-expired' },
  'the access token expired': { name: 'access-token-expired' },
  'a transient fault': {
    ...{ deliver: false, answer: { kind: 'error', status: 500, code: 2, transient: true } },
  },
}

/** Every call struck for a while: an outage and a storm, scaled as everything here. */
const LASTING: Readonly<Record<string, Knob>> = {
  'an outage of the whole API': { deliver: false, answer: { kind: 'cut-connection' } },
  'a storm of rate limits': {
    ...{ deliver: false, answer: { kind: 'throttle', code: 4, status: 400, regainMinutes: 0 } },
  },
}

const LASTING_MS = 5_000

const struckOften: readonly Exercise[] = Object.entries(KNOBS).map(([id, knob]) => ({
  family: 'graph',
  id,
  run: async ({ meta }) => {
    const { id: knobId } = meta.addKnob({ ...knob, times: STRIKES })
    const isUsedUp = async () => meta.knobs().every((one) => one.id !== knobId)
    await waitFor(isUsedUp, { timeoutMs: USED_UP_MS, describe: `${id} to strike` })
    await untilHealed(meta, id)
  },
}))

/**
 * A message on each page: what follows strikes pages that work. A dispatcher that was answered by
 * none of its last calls makes few of them, and the next fault would wait for its pauses.
 */
async function untilHealed(meta: Simulator, id: string): Promise<void> {
  const before = deliveredBy(meta)
  const isHealed = async () => {
    const now = deliveredBy(meta)
    return meta.pages.every(({ pageId }) => (now.get(pageId) ?? 0) > (before.get(pageId) ?? 0))
  }
  const describe = `a message on each page after ${id}`
  await waitFor(isHealed, { timeoutMs: HEALED_MS, describe, intervalMs: HEALED_LOOK_MS })
}

function deliveredBy(meta: Simulator): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { pageId } of meta.truth().deliveries) {
    counts.set(pageId, (counts.get(pageId) ?? 0) + 1)
  }
  return counts
}

const lasting: readonly Exercise[] = Object.entries(LASTING).map(([id, knob]) => ({
  family: 'graph',
  id,
  run: async ({ meta }) => {
    const before = meta.truth({ limit: 1 }).callCount
    meta.addKnob({ ...knob, times: null })
    await delay(LASTING_MS)
    meta.clearKnobs()
    await untilHealed(meta, id)
    if (meta.truth({ limit: 1 }).callCount === before) throw new Error(`${id} met no call`)
  },
}))

export const graphExercises: readonly Exercise[] = [...struckOften, ...lasting]
