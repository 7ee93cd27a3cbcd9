/**
 * Claims on three real servers. It lies here and not among the faults of the whole system, for the
 * write concern must be the only difference: one connection as the dispatcher opens it, and the same
 * code over the same connection with the concern turned down, which no setting of ours can do.
 */
import { type MongodbMember, primaryOf } from '@otn/engines'
import { type TokenId, tokenId } from '@otn/kernel'
import { waitFor } from '@otn/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { StoredCommand } from '../src/domain/document.ts'
import type { Changed } from '../src/ports.ts'
import { T1 } from './support/command-facts.ts'
import {
  claimToken,
  type SetOfThree,
  type Side,
  sideOf,
  startSetOfThree,
  untilState,
  untilWhole,
} from './support/set-of-three.ts'

let three: SetOfThree
beforeAll(async () => {
  three = await startSetOfThree()
})
afterAll(() => three[Symbol.asyncDispose]())

/** The id of whoever was told that it holds the token. */
function winners(claims: readonly PromiseSettledResult<Changed>[]): string[] {
  return claims.flatMap((claim) =>
    claim.status === 'fulfilled' && claim.value.kind === 'changed' ? [claim.value.document.id] : [],
  )
}

async function holdersOf(token: TokenId): Promise<string[]> {
  const { database } = await three.connect()
  const found = await database.commands.find({ holds: token }).toArray()
  return found.map(({ _id }) => _id)
}

/** Grows with every roll-back; it answers nobody in the middle of one. */
async function rollbackId(member: MongodbMember): Promise<number> {
  return Number((await member.command({ replSetGetRBID: 1 })).rbid)
}

interface History {
  readonly told: readonly string[]
  readonly holders: readonly string[]
}

const at = (w: 1 | 'majority') => ({ writeConcern: { w } })

/**
 * One command claims the token from a primary that has just lost its majority, without knowing; a
 * second command claims it from the primary elected instead; then the network is whole again.
 */
async function history(w: 1 | 'majority'): Promise<History> {
  const [first, second] = await three.record(2)
  if (!first || !second) throw new Error('two were recorded')
  const old = await untilWhole(three)
  const others = three.members.filter((member) => member !== old)
  const before = await rollbackId(old)
  const { db } = await three.connect()
  const { databaseName, readConcern, client } = db
  const side = sideOf(client.db(databaseName, { ...(readConcern && { readConcern }), ...at(w) }))
  await side.commands.read(first.id)
  three.proxied.isolate(old)
  const early = claimToken(side, first, T1)
  if (w === 1) await early
  await untilState(old, 'SECONDARY')
  await primaryOf(others)
  const late = claimToken(await three.connect(), second, T1)
  const claims = await Promise.allSettled([early, late])
  three.proxied.heal()
  // It wrote what nobody else has: in either history it must take that back to follow again.
  await waitFor(async () => (await rollbackId(old)) > before, {
    timeoutMs: 60_000,
    describe: `${old.name} to roll back`,
  })
  await untilWhole(three)
  return { told: winners(claims), holders: await holdersOf(T1) }
}

describe('a primary cut off from its majority', () => {
  test('with w:1 gives a token to a second command: the first claim is rolled back', async () => {
    const { told, holders } = await history(1)
    expect(told).toEqual(['1000:c-0', '1000:c-1'])
    expect(holders).toEqual(['1000:c-1'])
  })

  test('[S0-04] with majority gives it to one command alone, who holds it afterwards', async () => {
    const { told, holders } = await history('majority')
    expect(told).toHaveLength(1)
    expect(holders).toEqual(told)
  })
})

const TOKENS = Array.from({ length: 8 }, (_, index) => tokenId(String(index).repeat(32)))

interface Race {
  readonly command: StoredCommand
  /** What it was told it holds; null = nothing, or nobody knows. */
  holds: TokenId | null
  hasEnded: boolean
}

/** Goes through the tokens until one is its own; stops where it learns nothing. */
async function run(side: Side, race: Race, shift: number): Promise<void> {
  for (const index of TOKENS.keys()) {
    const token = TOKENS[(index + shift) % TOKENS.length] ?? T1
    const { kind } = await claimToken(side, race.command, token)
    if (kind === 'changed') race.holds = token
    if (kind !== 'token-taken') return
  }
}

/** 200 commands race for eight tokens; in the middle of it the primary is lost. */
async function raceWhile(lose: (primary: MongodbMember) => Promise<void>): Promise<Race[]> {
  const commands = await three.record(200)
  const primary = await untilWhole(three)
  const sides = await Promise.all([three.connect(), three.connect()])
  // Otherwise all would be over before a primary can be lost.
  for (const proxy of three.proxied.proxies) proxy.lag(25)
  const races = commands.map((command) => ({ command, holds: null, hasEnded: false }) as Race)
  const first = Promise.withResolvers<void>()
  const running = races.map(async (race, index) => {
    const side = sides[index % 2]
    if (side) await run(side, race, index).catch(() => undefined)
    race.hasEnded = true
    first.resolve()
  })
  await first.promise
  const open = races.filter(({ hasEnded }) => !hasEnded).length
  await lose(primary)
  expect(open).toBeGreaterThan(TOKENS.length)
  await Promise.all(running)
  three.proxied.heal()
  for (const member of three.members) await member.start()
  await untilWhole(three)
  return races
}

async function cutOffAndKill(primary: MongodbMember): Promise<void> {
  three.proxied.isolate(primary)
  await untilState(primary, 'SECONDARY')
  await primary.kill()
}

describe('200 commands that race for eight tokens', () => {
  test.each([
    ['steps down', (primary: MongodbMember) => primary.stepDown(5)],
    ['is killed', (primary: MongodbMember) => primary.kill()],
    ['is cut off from the others, then killed', cutOffAndKill],
  ])('[S0-04] hold each once, and what they were told, where the primary %s', async (_, lose) => {
    const races = await raceWhile(lose)
    const told = races.flatMap(({ command, holds }) => (holds ? [[holds, command.id]] : []))
    const holders = await Promise.all(
      TOKENS.map(async (token) => (await holdersOf(token)).map((id) => [token, id])),
    )
    expect(holders.map(({ length }) => length)).toEqual(TOKENS.map(() => 1))
    expect(told.length).toBeGreaterThan(0)
    expect(holders.flat()).toEqual(expect.arrayContaining(told))
    expect(new Set(told.map(([token]) => token)).size).toBe(told.length)
  })
})
