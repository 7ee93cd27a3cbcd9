import { waitFor } from '@otn/testing'
import { Long } from 'mongodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aboutPage, called, optIn, tokenIdOf } from './facts.ts'
import { digits, type Ledger, openScene, type Scene } from './scene.ts'

let scene: Scene

beforeAll(async () => {
  scene = await openScene()
  for (let round = 0; round < 5; round += 1) await write(20)
})

afterAll(() => scene[Symbol.asyncDispose]())

async function write(count: number): Promise<void> {
  const people = Array.from({ length: count }, () => ({ psid: digits(), token: digits() }))
  await scene.append(
    'optIn',
    people.map((one) => optIn(one)),
  )
  const calls = people.map((one) => called({ type: 'NotificationAttempted', ...one }))
  await scene.append('notification', calls)
}

const digest = async (ledger: Ledger) => {
  await ledger.settled()
  return (await ledger.get('/v1/operations/digest')).body.digest
}

async function cursors() {
  const generation = await scene.db.collection('generation').findOne()
  const name = `cursors_v${generation?.version}`
  return scene.db.collection<{ _id: string; next: Long | number }>(name)
}

const rewind = async () => (await cursors()).updateMany({}, { $set: { next: Long.fromNumber(0) } })

describe('the cursor in MongoDB is the truth', () => {
  test('after a start that lost it everything is folded again and nothing changes', async () => {
    const first = await scene.start()
    const wanted = await digest(first)
    await first.close()
    await rewind()
    const second = await scene.start()
    expect(await digest(second)).toBe(wanted)
    await second.close()
  })

  test('that a backup put back is noticed, and the next start makes up for it', async () => {
    const ledger = await scene.start()
    await ledger.settled()
    await write(20)
    const wanted = await digest(ledger)
    await rewind()
    const isOver = () => ledger.failures.length > 0
    await waitFor(isOver, { timeoutMs: 90_000, describe: 'the ledger to end' })
    expect(ledger.failures[0]).toMatchObject({ code: 'OTN_STORE_CURSOR_MOVED' })
    await ledger.close()
    const next = await scene.start()
    expect(await digest(next)).toBe(wanted)
    await next.close()
  })

  test('a log that ends below it makes the partition wait, and skips nothing', async () => {
    const ledger = await scene.start()
    await ledger.settled()
    const one = { psid: digits(), token: digits() }
    const { key } = optIn(one)
    const partition = scene.bus.partitionOf('optIn', key)
    const id = `${scene.scope.prefix}otn.optin.events.v1/${partition}`
    const all = await cursors()
    const before = (await all.findOne({ _id: id }))?.next ?? 0
    await all.updateOne({ _id: id }, { $set: { next: Long.fromNumber(1_000_000) } })
    await scene.append('optIn', [optIn(one)])
    const isWaiting = () => ledger.logged().includes('ends at')
    await waitFor(isWaiting, { timeoutMs: 90_000, describe: 'the partition to wait' })
    await all.updateOne({ _id: id }, { $set: { next: before } })
    const path = `/v1/tokens/${tokenIdOf(one.token)}`
    const isFolded = async () => (await ledger.get(path)).status === 200
    await waitFor(isFolded, { timeoutMs: 90_000, describe: 'the opt-in to be folded' })
    await ledger.close()
  })

  test('two ledgers share the log, and one that leaves takes nothing with it', async () => {
    const one = await scene.start()
    await one.settled()
    const two = await scene.start()
    const writing = (async () => {
      for (let round = 0; round < 40; round += 1) await write(10)
    })()
    await two.settled()
    await one.close()
    await writing
    const shared = await digest(two)
    expect([...one.failures, ...two.failures]).toEqual([])
    await two.close()
    await scene.db.dropDatabase()
    const alone = await scene.start()
    expect(await digest(alone)).toBe(shared)
    await alone.close()
  })
})

describe('a start is refused', () => {
  const change = async (set: object) => {
    await scene.db.collection('generation').updateOne({}, { $set: set })
  }

  test('on the read model of another Kafka cluster, saying what to do', async () => {
    const generation = await scene.db.collection('generation').findOne()
    await change({ clusterId: 'another' })
    await expect(scene.start()).rejects.toMatchObject({
      code: 'OTN_STORE_CLUSTER_CHANGED',
      message: expect.stringContaining('drop database'),
    })
    await change({ clusterId: generation?.clusterId })
  })

  test('on a log that ends below what was folded', async () => {
    const all = await cursors()
    const [cursor] = await all.find().toArray()
    await all.updateOne({ _id: cursor?._id ?? '' }, { $set: { next: Long.fromNumber(999_999) } })
    await expect(scene.start()).rejects.toMatchObject({ code: 'OTN_STORE_CLUSTER_CHANGED' })
    await all.updateOne({ _id: cursor?._id ?? '' }, { $set: { next: cursor?.next ?? 0 } })
  })

  test('with another pepper than the read model was folded with', async () => {
    const other = scene.start({ OTN_PERSON_PEPPER: 'another-pepper' })
    await expect(other).rejects.toMatchObject({
      code: 'OTN_CONFIG_INVALID',
      message: expect.stringContaining('OTN_PERSON_PEPPER'),
    })
  })

  test('and a running ledger ends, when the log is pinned to another pepper', async () => {
    const ledger = await scene.start()
    await scene.append('page', [aboutPage('DeploymentPinned', { pepperCheck: 'x'.repeat(32) })])
    const isOver = () => ledger.failures.length > 0
    await waitFor(isOver, { timeoutMs: 90_000, describe: 'the ledger to end' })
    expect(ledger.failures[0]).toMatchObject({ code: 'OTN_CONFIG_INVALID' })
    await ledger.close()
  })
})
