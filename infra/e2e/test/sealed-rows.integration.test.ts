/** Somebody who may write to MongoDB, and has no key, moves sealed values between rows. */
import { randomUUID } from 'node:crypto'
import { createNotifier, type Notifier } from '@otn/client'
import { HOUR_MS } from '@otn/kernel'
import { waitFor } from '@otn/testing'
import type { Collection, Document } from 'mongodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Balancer, openBalancer } from '../src/balancer.ts'
import { type Deployment, masterKey, openDeployment, type Part } from '../src/deployment.ts'
import { call, type TruthOf } from '../src/system.ts'

const TOPIC = 'restock-1234'
const WATCH_MS = 60_000
/** Soon enough that what failed is tried again while the test looks on. */
const DISPATCHER = {
  ...{ DISPATCHER_LEASE_MS: '4000', DISPATCHER_START_TIMEOUT_MS: '500' },
  ...{ DISPATCHER_CALL_TIMEOUT_MS: '1000', DISPATCHER_APPEND_TIMEOUT_MS: '1500' },
}
const limits = { timeoutMs: 30_000 }

type Row = Document & { readonly _id: string }

let balancer: Balancer
let deployment: Deployment
let notifier: Notifier
let registry: Part
let ledger: Part
let pages: readonly string[]

beforeAll(async () => {
  balancer = await openBalancer()
  const callbackUrl = `${balancer.url}/webhook`
  deployment = await openDeployment({ masterKey: masterKey('k'), callbackUrl, seed: 'rows' })
  balancer.add((await deployment.start('ingress')).url)
  ;[ledger, registry] = await Promise.all([
    deployment.start('token-ledger'),
    deployment.start('page-registry', { REGISTRY_WATCH_MS: String(WATCH_MS) }),
  ])
  await deployment.start('dispatcher', DISPATCHER)
  pages = deployment.meta.pages.slice(0, 2).map(({ pageId }) => pageId)
  for (const page of pages) expect(await connect(page)).toMatchObject({ isGreen: true })
  const { kafkaBrokers: brokers, prefix, schemaRegistryUrl } = deployment.scope
  const kafka = { brokers, topicPrefix: prefix }
  notifier = await createNotifier({ kafka, schemaRegistryUrl, source: 'test' })
})

afterAll(async () => {
  await notifier?.[Symbol.asyncDispose]()
  await deployment?.[Symbol.asyncDispose]()
  await balancer?.[Symbol.asyncDispose]()
})

function post(path: string, body: unknown = {}) {
  return call(`${registry.url}${path}`, { method: 'POST', key: deployment.apiKey, body })
}

/** As a test user: their pages need no review. */
async function connect(page: string) {
  const { accessToken: userToken } = deployment.meta.issueAccessToken({
    ...{ kind: 'user', lifeMs: HOUR_MS },
  })
  return (await post(`/v1/pages/${page}/connect`, { userToken, isTestUser: true })).body
}

async function tap(page = pages[0] ?? '') {
  const payload = `otn1:${TOPIC}:`
  return deployment.meta.tap({ pageId: page, payload, waitMs: 30_000 })
}

async function ask(psid: string, text: string, more: { readonly notBefore?: number } = {}) {
  const pageId = pages[0] ?? ''
  const wish = { pageId, to: { psid, topic: TOPIC }, text, ...more }
  return (await notifier.notify({ ...wish, idempotencyKey: randomUUID() })).commandId
}

const collection = (service: string, name: string): Collection<Row> =>
  deployment.mongodb.db(`${deployment.scope.database}_${service}`).collection<Row>(name)

async function found(rows: Collection<Row>, filter: object): Promise<Row> {
  const isThere = async () => (await rows.findOne(filter)) ?? false
  return waitFor(isThere, { ...limits, describe: `a row with ${JSON.stringify(filter)}` })
}

/** Writes the value of each row at this path into the other. */
async function swap(rows: Collection<Row>, [one, other]: readonly [Row, Row], path: string) {
  const at = (row: Row) => path.split('.').reduce((value, name) => value?.[name], row as Document)
  await rows.updateOne({ _id: one._id }, { $set: { [path]: at(other) } })
  await rows.updateOne({ _id: other._id }, { $set: { [path]: at(one) } })
}

/** Lines logged since, of this event. */
function listen(event: string) {
  const before = deployment.logged().length
  const lines = () =>
    deployment
      .logged()
      .slice(before)
      .split('\n')
      .filter((line) => line.includes(`"event":"${event}"`))
  return {
    until: (text: string) =>
      waitFor(() => lines().some((line) => line.includes(text)), {
        ...limits,
        describe: `a line ${event} with ${text}`,
      }),
    lines,
  }
}

const BROKEN = 'OTN_VAULT_SEAL_BROKEN'
const truth = () => deployment.meta.truth() as unknown as TruthOf
const sentTo = (psid: string) => truth().deliveries.filter((one) => one.psid === psid)

async function ledgerTokens(): Promise<Collection<Row>> {
  const db = deployment.mongodb.db(`${deployment.scope.database}_ledger`)
  const names = (await db.listCollections().toArray()).map(({ name }) => name)
  const name = names.filter((one) => one.startsWith('tokens_v')).toSorted()
  return db.collection<Row>(name.at(-1) ?? '')
}

describe('[D-09] a sealed value in the row of another', () => {
  test.each([
    ['the sealed bytes', 'consent.sealed'],
    ['the whole consent', 'consent'],
  ])(
    "of the ledger's tokens is called with by nobody, and shown to nobody: %s",
    async (_, path) => {
      const [mine, other] = [await tap(), await tap()]
      const rows = await ledgerTokens()
      const row = async ({ psid }: { psid: string }) => {
        const path = `/v1/pages/${pages[0]}/persons/${psid}/tokens?topic=${TOPIC}`
        const listed = async () => {
          const { body } = await call(`${ledger.url}${path}`, { key: deployment.apiKey })
          return (body.items as readonly { readonly tokenId: string }[])[0] ?? false
        }
        const { tokenId } = await waitFor(listed, { ...limits, describe: 'a token to be folded' })
        return found(rows, { _id: tokenId })
      }
      const both = [await row(mine), await row(other)] as const
      await swap(rows, both, path)
      const failed = listen('command.failed')
      const commandId = await ask(mine.psid, 'for me alone')
      await failed.until(commandId)
      expect(failed.lines().join()).toContain(BROKEN)
      expect([sentTo(mine.psid), sentTo(other.psid)]).toEqual([[], []])
      const shown = await call(`${ledger.url}/v1/tokens/${both[0]._id}`, {
        key: deployment.personalKey,
      })
      expect(shown).toMatchObject({ status: 500, body: { code: BROKEN } })
      for (const one of both)
        await rows.updateOne({ _id: one._id }, { $set: { consent: one.consent } })
      expect(
        await notifier.outcome(commandId, { pageId: pages[0] ?? '', waitMs: 60_000 }),
      ).toMatchObject({
        state: 'sent',
      })
    },
  )

  test("of the dispatcher's commands is sent to nobody", async () => {
    const [mine, other] = [await tap(), await tap()]
    const notBefore = deployment.meta.nowMs() + HOUR_MS
    const ids = [
      await ask(mine.psid, 'for me', { notBefore }),
      await ask(other.psid, 'for you', { notBefore }),
    ]
    const rows = collection('dispatcher', 'commands')
    const told = (id: string | undefined) =>
      found(rows, { _id: `${pages[0]}:${id}`, waitingFor: { $ne: null }, worker: null })
    const both = [await told(ids[0]), await told(ids[1])] as const
    await swap(rows, both, 'content')
    const failed = listen('command.failed')
    await deployment.meta.advance(HOUR_MS)
    for (const id of ids) await failed.until(String(id))
    expect(failed.lines().join()).toContain(BROKEN)
    expect([sentTo(mine.psid), sentTo(other.psid)]).toEqual([[], []])
    for (const { _id, content } of both) await rows.updateOne({ _id }, { $set: { content } })
    for (const commandId of ids) {
      expect(
        await notifier.outcome(String(commandId), { pageId: pages[0] ?? '', waitMs: 60_000 }),
      ).toMatchObject({ state: 'sent' })
    }
    expect(sentTo(mine.psid)).toHaveLength(1)
  })

  test.each([
    ['the sealed token', 'page.connection.value.sealed'],
    ['the whole connection', 'page.connection'],
  ])('[S1-36] of the pages speaks for no other page: %s', async (_, path) => {
    const rows = collection('pages', 'pages')
    const both = [
      await found(rows, { _id: pages[0] }),
      await found(rows, { _id: pages[1] }),
    ] as const
    await swap(rows, both, path)
    const unreadable = listen('page-token.unreadable')
    await deployment.meta.advance(WATCH_MS)
    for (const page of pages) await unreadable.until(page)
    expect(unreadable.lines().join()).toContain(BROKEN)
    const left = await post(`/v1/pages/${pages[0]}/unfollow`)
    expect(left.status).toBe(200)
    for (const { _id, page } of both) await rows.updateOne({ _id }, { $set: { page } })
    const follows = deployment.meta.following().pages.filter(({ pageId }) => pages.includes(pageId))
    expect(follows.map(({ followed }) => followed)).toEqual([true, true])
  })
})
