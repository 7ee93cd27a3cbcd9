/** What a dispatcher may believe that reads from a primary which has lost its majority. */
import { type MongodbMember, primaryOf } from '@otn/engines'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { generationsIn } from '../src/adapters/generation-mongodb.ts'
import { createGate, withdrawalsIn } from '../src/adapters/withdrawals-mongodb.ts'
import { NOW, PAGE, PERSON, T1, T2 } from './support/command-facts.ts'
import {
  claimToken,
  type SetOfThree,
  sideOf,
  startSetOfThree,
  untilWhole,
} from './support/set-of-three.ts'

const about = { pageId: PAGE, person: PERSON, topic: 'restock-1234' }
const TOKEN = { tokenId: T1, ...about, grantedAt: NOW }

let three: SetOfThree
beforeAll(async () => {
  three = await startSetOfThree()
})
afterAll(() => three[Symbol.asyncDispose]())
afterEach(() => three.proxied.heal())

/** Whoever is connected to this member knows of no other one. */
const onlyTo = ({ address }: MongodbMember) =>
  three.connect(`mongodb://${address}/?directConnection=true`)

/** Two primaries: the one that was cut off has not noticed yet. */
async function deposeUnnoticed(old: MongodbMember): Promise<MongodbMember> {
  const others = three.members.filter((member) => member !== old)
  three.proxied.isolate(old)
  await others[0]?.command({ replSetStepUp: 1 })
  return primaryOf(others)
}

test('the gate opens for no token whose consent was withdrawn elsewhere meanwhile', async () => {
  await three.record(1)
  const { database } = await three.connect()
  const deployment = { clusterId: 'k', pepperCheck: 'p' }
  const { id } = await generationsIn(database.state).finish('g', deployment)
  const old = await untilWhole(three)
  const stale = createGate((await onlyTo(old)).database.state, id)
  expect(await stale.check(TOKEN)).toBe('open')
  const next = await deposeUnnoticed(old)
  const current = await onlyTo(next)
  await withdrawalsIn(current.database.state).add([{ key: T1, at: NOW }])
  expect(await createGate(current.database.state, id).check(TOKEN)).toBe('withdrawn')
  await expect(stale.check(TOKEN)).rejects.toMatchObject({
    code: 'OTN_STORE_UNREACHABLE',
    retryable: true,
  })
})

test('nothing is believed that a majority does not have, for it may be rolled back', async () => {
  const [first] = await three.record(1)
  if (!first) throw new Error('one was recorded')
  const old = await untilWhole(three)
  const { db, commands } = await onlyTo(old)
  await commands.read(first.id)
  three.proxied.isolate(old)
  const careless = sideOf(db.client.db(db.databaseName, { writeConcern: { w: 1 } }))
  expect((await claimToken(careless, first, T2)).kind).toBe('changed')
  expect(await commands.read(first.id)).toMatchObject({ revision: first.revision })
  expect(await commands.holderOf(T2)).toBeNull()
  const seen: (number | undefined)[] = []
  await commands.changeAll([first.id], (_, known) => {
    seen.push(known?.revision)
    return null
  })
  expect(seen).toEqual([first.revision])
})
