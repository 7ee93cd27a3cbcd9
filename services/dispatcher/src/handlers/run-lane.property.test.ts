/**
 * The spend protocol under two workers, with every port call able to fail before or after its
 * effect, and either worker able to die at every step. What must hold whatever happens is checked
 * against the platform's own truth.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { T1, T2 } from '../../test/support/command-facts.ts'
import {
  notAcknowledged,
  type Play,
  SETTLE_MS,
  SpendWorld,
  storeAway,
  type Weather,
} from '../../test/support/spend-world.ts'
import { settled } from '../../test/support/stage.ts'
import { evolve, stateOf } from '../domain/command.ts'
import { digestText, isOwed } from '../domain/document.ts'

const WORKERS = ['a', 'b'] as const
const WEATHERS: readonly Weather[] = [
  'accept',
  'accept',
  'accept-unheard',
  'crash',
  'refuse',
  'closed',
  'throttle',
  'unlisted',
]
const DEATHS_MAX = 4
/** A short wait, most of a lease, a lease, a settle window. */
const STEPS_MS = [100, 40_000, 61_000, 121_000]

const play: fc.Arbitrary<Play> = fc
  .record({
    policy: fc.constantFrom('probe' as const, 'hold' as const),
    isSingleUse: fc.boolean(),
    knowsUsedCode: fc.boolean(),
  })
  // Probing leans on the platform's single use; holding leans on nobody.
  .map((chosen) => (chosen.policy === 'probe' ? { ...chosen, isSingleUse: true } : chosen))
const tape = fc.array(fc.nat(1_000_000), { minLength: 20, maxLength: 260, size: 'max' })

describe('two workers and a platform that may fail or fall silent at every step', () => {
  test('[S0-04] a token and a command give at most one message, and no verdict is false', async () => {
    await fc.assert(
      fc.asyncProperty(play, tape, async (chosen, choices) => {
        const world = new SpendWorld(chosen)
        await perform(world, choices)
        await heal(world)
        judge(world)
      }),
      { numRuns: 400 },
    )
  }, 60_000)
})

/** Reads the tape: each number chooses what happens next. */
async function perform(world: SpendWorld, choices: readonly number[]): Promise<void> {
  const names = new Map<string, string>(WORKERS.map((worker) => [worker, `${worker}0`]))
  const idle = new Set<string>(names.values())
  let [deaths, turn] = [0, 'a0']
  const start = (worker: string, work: () => Promise<void>) => {
    if (!idle.delete(worker)) return
    const done = () => idle.add(worker)
    void work().then(done, done)
  }
  for (const choice of choices) {
    const [kind, rest] = [choice % 20, Math.floor(choice / 20)]
    const delivery = world.deliveries[rest % Math.max(world.deliveries.length, 1)]
    if (kind === 0) turn = names.get(WORKERS[rest % WORKERS.length] ?? 'a') ?? turn
    else if (kind === 1) world.machineMs += STEPS_MS[rest % STEPS_MS.length] ?? 0
    else if (kind === 2) world.weather = WEATHERS[rest % WEATHERS.length] ?? 'accept'
    else if (kind === 3) Object.assign(world, { ledgerLag: rest % 6, isWindowOpen: rest % 4 > 0 })
    else if (kind === 4 && rest % 16 === 0) world.steal(rest % 32 === 0 ? T1 : T2)
    else if (kind === 4 && deaths < DEATHS_MAX) {
      deaths += 1
      world.stage.kill(turn)
      idle.delete(turn)
      const heir = `${turn.slice(0, 1)}${deaths}`
      names.set(turn.slice(0, 1), heir)
      idle.add(heir)
      turn = heir
    } else if (kind === 5 && delivery) start(turn, () => world.echo(turn, delivery))
    else if (kind < 9) start(turn, () => world.poll(turn))
    else await resumeOne(world, { choice: rest, turn })
    // What was started runs up to its first step; a resumed step has settled already.
    if (kind > 4 && kind < 9) await settled()
  }
}

/** Mostly the worker whose turn it is, so that calls come to their end; sometimes any. */
async function resumeOne(
  world: SpendWorld,
  { choice, turn }: { readonly choice: number; readonly turn: string },
): Promise<void> {
  const { parked } = world.stage
  if (parked.length === 0) return
  const own = parked.findIndex(({ worker }) => worker === turn)
  const index = own < 0 || choice % 8 === 0 ? choice % parked.length : own
  const error = parked[index]?.label === 'append' ? notAcknowledged : storeAway
  // Some fail: before their effect, or after it with the answer lost.
  await world.stage.resume(index, Math.floor(choice / 8) % 16 === 0 ? { error } : {})
}

/** No more faults: whatever is owed must come to its end within the limits. */
async function heal(world: SpendWorld): Promise<void> {
  world.weather = 'accept'
  world.ledgerLag = 0
  for (let round = 0; round < 60; round += 1) {
    while (world.stage.parked.length > 0) await world.stage.resume(0)
    world.machineMs += 130_000
    const work = world.poll('healer')
    while (world.stage.parked.length > 0) await world.stage.resume(0)
    await work
    if (!world.store.all().some(isOwed)) return
  }
}

function judge(world: SpendWorld): void {
  const { deliveries, calls, log, store } = world
  const messages = (id: string) => deliveries.filter(({ commandId }) => commandId === id).length
  for (const token of new Set(deliveries.flatMap((delivery) => delivery.token ?? []))) {
    expect(deliveries.filter((delivery) => delivery.token === token)).toHaveLength(1)
    expect(new Set(calls.filter((call) => call.token === token).map((c) => c.commandId)).size).toBe(
      1,
    )
  }
  for (const document of store.all()) {
    const { commandId: id } = document.command
    const state = stateOf(document.command)
    expect(messages(id)).toBeLessThanOrEqual(1)
    expect(isOwed(document)).toBe(false)
    expect(['sent', 'failed', 'in-doubt']).toContain(state)
    echoesHadTime(calls.filter(({ commandId }) => commandId === id).map((call) => call.startedMs))
    const { certainty, tokenId } = document.command.final ?? {}
    // An inference cannot tell our own spending from that of another app with the same token.
    const isGuess = certainty === 'INFERRED' && tokenId && world.stolen.has(tokenId)
    if (state === 'sent' && !isGuess) expect(messages(id)).toBe(1)
    if (state === 'failed') expect(messages(id)).toBe(0)
    const events = log.filter((event) => event.commandId === id)
    const folded = events.reduce(evolve, {
      ...document.command,
      attempts: [],
      waits: [],
      final: null,
    })
    expect(digestText({ ...document, command: folded })).toBe(digestText(document))
    const finals = events.filter(({ type }) => /Sent|Failed|Cancelled/.test(type))
    expect(new Set(finals.map(({ type, eventId }) => `${type} ${eventId}`)).size).toBeLessThan(2)
    closings(events)
  }
}

/** Between two calls of a command that may both have gone out lies a settle window. */
function echoesHadTime(startedMs: readonly number[]): void {
  const ordered = startedMs.toSorted((a, b) => a - b)
  const pauses = ordered.slice(1).map((at, index) => at - (ordered[index] ?? at))
  for (const pauseMs of pauses) expect(pauseMs).toBeGreaterThanOrEqual(SETTLE_MS)
}

/** Each attempt on the log is closed exactly once; a final fact may settle a doubt later. */
function closings(events: SpendWorld['log']): void {
  const attempts = events.filter(({ type }) => type === 'NotificationAttempted')
  for (const { attempt } of attempts) {
    const closing = events.filter(
      (event) => event.attempt === attempt && event.type !== 'NotificationAttempted',
    )
    const types = new Set(closing.map(({ type }) => type))
    if (types.has('NotificationInDoubt')) types.delete('NotificationSent')
    expect([attempt, [...types]]).toEqual([attempt, [expect.any(String)]])
  }
}
