/** Page token and master key are changed while people tap and are notified, and nobody notices. */
import { randomUUID } from 'node:crypto'
import { createNotifier, type Notifier } from '@otn/client'
import { HOUR_MS } from '@otn/kernel'
import { waitFor } from '@otn/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Balancer, openBalancer } from '../src/balancer.ts'
import {
  type Deployment,
  masterKey,
  openDeployment,
  type Part,
  type ServiceName,
} from '../src/deployment.ts'
import { call, type TruthOf } from '../src/system.ts'

const TOPIC = 'restock-1234'
const [OLD, NEW] = [masterKey('old'), masterKey('new')]
const TAPPERS = 3
const EACH_PHASE = 8
const limits = { timeoutMs: 60_000 }
/** What seals something with its record; the others carry nothing that identifies anybody. */
const SEALING = ['optIn', 'engagement', 'page', 'notification', 'parked', 'quarantine'] as const

let balancer: Balancer
let deployment: Deployment
let notifier: Notifier
let page: string
const running = new Map<string, Part>()

beforeAll(async () => {
  balancer = await openBalancer()
  const callbackUrl = `${balancer.url}/webhook`
  deployment = await openDeployment({ masterKey: OLD, callbackUrl, seed: 'rotation' })
  page = deployment.meta.pages[0]?.pageId ?? ''
  await roll(OLD)
  expect(await connect()).toBe(true)
  const { kafkaBrokers: brokers, prefix, schemaRegistryUrl } = deployment.scope
  const kafka = { brokers, topicPrefix: prefix }
  notifier = await createNotifier({ kafka, schemaRegistryUrl, source: 'test' })
})

afterAll(async () => {
  await notifier?.[Symbol.asyncDispose]()
  await deployment?.[Symbol.asyncDispose]()
  await balancer?.[Symbol.asyncDispose]()
})

/** Ends one process and starts it again with these keys, as a rolling restart does. */
async function restart(as: string, name: ServiceName, keys: string): Promise<void> {
  const former = running.get(as)
  if (former && name === 'ingress') await balancer.drain(former.url)
  expect(former?.failures ?? []).toEqual([])
  await former?.close()
  const part = await deployment.start(name, { OTN_MASTER_KEY: keys })
  running.set(as, part)
  if (name === 'ingress') balancer.add(part.url)
}

/** Every process, the two ingresses one after the other. */
async function roll(keys: string): Promise<void> {
  await restart('ingress-1', 'ingress', keys)
  await restart('ingress-2', 'ingress', keys)
  const others = ['token-ledger', 'dispatcher', 'page-registry'] as const
  await Promise.all(others.map((name) => restart(name, name, keys)))
}

async function connect(): Promise<unknown> {
  const { accessToken: userToken } = deployment.meta.issueAccessToken({
    ...{ kind: 'user', lifeMs: HOUR_MS },
  })
  const url = `${running.get('page-registry')?.url}/v1/pages/${page}/connect`
  const asked = { method: 'POST', key: deployment.apiKey, body: { userToken } } as const
  return (await call(url, asked)).body.isGreen
}

async function tap(): Promise<{ readonly psid: string; readonly token: string }> {
  const payload = `otn1:${TOPIC}:`
  const tapped = await deployment.meta.tap({ pageId: page, payload, waitMs: 30_000 })
  expect(tapped.delivered).not.toBeNull()
  return tapped
}

interface Asked {
  readonly token: string
  readonly commandId: string
}

async function ask(to: { psid: string; token: string }, more: { notBefore?: number } = {}) {
  const { psid, token } = to
  const wish = { pageId: page, to: { psid, topic: TOPIC }, text: 'It is back', ...more }
  const { commandId } = await notifier.notify({ ...wish, idempotencyKey: randomUUID() })
  return { token, commandId }
}

/** People who tap and are notified, again and again, until it is stopped. */
function load() {
  const asked: Asked[] = []
  const state = { isOver: false }
  const tapper = async () => {
    while (!state.isOver) asked.push(await ask(await tap()))
  }
  const tappers = Array.from({ length: TAPPERS }, tapper)
  return {
    asked,
    more: async () => {
      const wanted = asked.length + EACH_PHASE
      await waitFor(() => asked.length >= wanted, { ...limits, describe: 'more to be asked' })
    },
    stop: async () => {
      state.isOver = true
      await Promise.all(tappers)
    },
  }
}

async function expectSent(asked: readonly Asked[]): Promise<void> {
  const outcomes = asked.map(({ commandId }) =>
    notifier.outcome(commandId, { pageId: page, waitMs: 60_000 }),
  )
  for (const outcome of await Promise.all(outcomes))
    expect(outcome).toMatchObject({ state: 'sent' })
  const { deliveries, tokens } = deployment.meta.truth() as unknown as TruthOf
  for (const { token } of asked) {
    expect(deliveries.filter((one) => one.token === token)).toHaveLength(1)
    expect(tokens.find((one) => one.token === token)).toMatchObject({ state: 'SPENT' })
  }
}

/** Where the log ends now. */
async function ends(): Promise<ReadonlySet<string>> {
  const records = await Promise.all(SEALING.map((topic) => deployment.read(topic)))
  return new Set(records.flat().map(placeOf))
}

const placeOf = ({
  topic,
  partition,
  offset,
}: {
  topic: string
  partition: number
  offset: bigint
}) => `${topic} ${partition} ${offset}`

/** Ids of the keys that records written since are sealed with. */
async function keysSince(before: ReadonlySet<string>): Promise<readonly unknown[]> {
  const records = (await Promise.all(SEALING.map((topic) => deployment.read(topic)))).flat()
  const later = records.filter((record) => !before.has(placeOf(record)))
  expect(later.length).toBeGreaterThan(EACH_PHASE)
  return later.flatMap(({ value }) => ('keyId' in value && value.keyId ? [value.keyId] : []))
}

async function documentKeys(commands: readonly Asked[]): Promise<readonly unknown[]> {
  const db = deployment.mongodb.db(`${deployment.scope.database}_dispatcher`)
  const ids = commands.map(({ commandId }) => `${page}:${commandId}`)
  const documents = db.collection<{ _id: string; content: { keyId: string } | null }>('commands')
  const found = await documents.find({ _id: { $in: ids } }).toArray()
  return found.flatMap(({ content }) => content?.keyId ?? [])
}

const distinct = (values: readonly unknown[]) => [...new Set(values)].toSorted()

describe('[S1-44, D-08] secrets are changed under load', () => {
  test('[S1-36] page token and master key: none refused, none lost, none sent twice, and all later seals are of the new key', async () => {
    const { meta } = deployment
    const kept = await tap()
    const waiting = await ask(await tap(), { notBefore: meta.nowMs() + HOUR_MS })
    const people = load()
    await people.more()
    // Everybody can open what the new key seals before anybody seals with it.
    await roll(`${OLD},${NEW}`)
    await people.more()
    await roll(`${NEW},${OLD}`)
    const before = await ends()
    const earlier = people.asked.length + TAPPERS
    await people.more()

    const former = meta.pages.find(({ pageId }) => pageId === page)?.accessToken ?? ''
    meta.issueAccessToken({ kind: 'page', pageId: page })
    expect(await connect()).toBe(true)
    await people.more()
    meta.changeAccessToken({ accessToken: former, trouble: 'access-token-revoked' })
    await people.more()
    await people.more()
    await people.stop()
    // A log that is late on a busy machine is no matter of keys: the platform sends it again.
    const isLate = ({ said }: { readonly said: string }) => said.includes('did not acknowledge')
    expect(balancer.refused.filter((one) => !isLate(one))).toEqual([])
    expect(balancer.accepted()).toBeGreaterThanOrEqual(people.asked.length)
    await expectSent(people.asked)

    const later = await ask(await tap(), { notBefore: meta.nowMs() + HOUR_MS })
    const isRecorded = async () => (await documentKeys([later])).length === 1
    await waitFor(isRecorded, { ...limits, describe: 'a later command to be recorded' })
    expect(distinct(await keysSince(before))).toEqual(['new'])
    expect(distinct(await documentKeys([...people.asked.slice(earlier), later]))).toEqual(['new'])
    expect(await documentKeys([waiting])).toEqual(['old'])

    // What waited over all of this, and what was granted before it.
    await meta.advance(HOUR_MS)
    await expectSent([waiting, later, await ask(kept)])
    for (const part of running.values()) expect(part.failures).toEqual([])
  })

  test('the old key is of use to nobody once nothing that is live is sealed with it', async () => {
    const fresh = await tap()
    await roll(NEW)
    const ledger = running.get('token-ledger')?.url ?? ''
    const rebuild = (method: 'GET' | 'POST') =>
      call(`${ledger}/v1/operations/rebuild`, { method, key: deployment.apiKey })
    expect((await rebuild('POST')).status).toBe(202)
    const report = async () => Object((await rebuild('GET')).body.rebuild)
    const isDone = async () => (await report()).state === 'done'
    await waitFor(isDone, { ...limits, describe: 'the ledger to be built anew' })
    expect((await report()).comparison).toMatchObject({ equal: true })
    await expectSent([await ask(fresh), await ask(await tap())])
    expect(await connect()).toBe(true)
  })

  test('a token sealed with a key that was taken away too early waits for it, named, and is not lost', async () => {
    await roll(`${OLD},${NEW}`)
    const early = await tap()
    await roll(NEW)
    const asked = await ask(early)
    const said = () => deployment.logged().includes('"keyId":"old"')
    await waitFor(said, { ...limits, describe: 'the missing key to be named' })
    const { tokens } = deployment.meta.truth() as unknown as TruthOf
    expect(tokens.find(({ token }) => token === early.token)).toMatchObject({ calls: 0 })
    await restart('dispatcher', 'dispatcher', `${NEW},${OLD}`)
    await expectSent([asked])
  })
})
