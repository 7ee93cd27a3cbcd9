import { randomUUID } from 'node:crypto'
import { waitFor } from '@otn/engines'
import type { StackFile } from '@otn/stack'
import { MongoClient } from 'mongodb'
import { describe, expect, test } from 'vitest'
import { auditOf } from '../src/audit.ts'
import { ownStack } from '../src/own-stack.ts'
import { call, identityOf, notifierOf, truth, untilTokenState } from '../src/system.ts'

const TOPIC = 'restock-1234'

async function tap(stack: StackFile): Promise<{ readonly psid: string; readonly token: string }> {
  const pageId = stack.pages[0]?.pageId
  const people = await call(`${stack.simulatorUrl}/_sim/people`, {
    method: 'POST',
    body: { pageId, count: 1 },
  })
  const [person] = people.body.people as { readonly psid: string }[]
  const tapped = await call(`${stack.simulatorUrl}/_sim/tap`, {
    method: 'POST',
    body: { pageId, psid: person?.psid, payload: `otn1:${TOPIC}:`, waitMs: 30_000 },
  })
  return { psid: String(tapped.body.psid), token: String(tapped.body.token) }
}

const digest = async (url: string, key: string) =>
  (await call(`${url}/v1/operations/digest`, { key })).body.digest

describe('[S0-22] [D-04] the log is the truth', () => {
  test('MongoDB emptied under running services comes back equal, and nothing is sent again', async () => {
    await using own = await ownStack()
    const { file } = own.stack
    await using notifier = await notifierOf(file)
    const page = file.pages[0]?.pageId ?? ''
    const identity = identityOf(file)
    const people = await Promise.all(Array.from({ length: 30 }, () => tap(file)))
    const commands = people
      .slice(0, 20)
      .map(({ psid }) => ({ psid, commandId: `rebuild-${randomUUID()}` }))
    for (const { psid, commandId } of commands) {
      await notifier.notify({
        pageId: page,
        to: { psid, topic: TOPIC },
        text: 'back',
        idempotencyKey: commandId,
      })
    }
    for (const { commandId } of commands) {
      expect(await notifier.outcome(commandId, { pageId: page, waitMs: 60_000 })).toMatchObject({
        state: 'sent',
      })
    }
    for (const [at, { token }] of people.entries()) {
      await untilTokenState(file, identity.token(page, token), at < 20 ? 'redeemed' : 'live')
    }
    const before = {
      ledger: await digest(file.ledgerUrl, file.apiKey),
      dispatcher: await digest(file.dispatcherUrl, file.apiKey),
      calls: (await truth(file)).callCount,
    }
    const pids = own.stack.services.map((service) => [service.name, service.pid()] as const)

    const mongo = await MongoClient.connect(file.mongodbUri)
    const { databases } = await mongo.db().admin().listDatabases()
    const ours = databases.filter(({ name }) => name.startsWith(file.databasePrefix))
    expect(ours.length).toBeGreaterThan(1)
    for (const { name } of ours) await mongo.db(name).dropDatabase()
    await mongo.close()

    for (const name of ['token-ledger', 'dispatcher']) {
      const service = own.stack.services.find((one) => one.name === name)
      const old = pids.find(([known]) => known === name)?.[1]
      const isReplaced = () => service?.pid() !== null && service?.pid() !== old
      await waitFor(isReplaced, { timeoutMs: 60_000, describe: `${name} to notice` })
    }
    for (const url of [file.ledgerUrl, file.dispatcherUrl]) {
      const isReady = async () => (await call(`${url}/health/ready`)).status === 200
      await waitFor(isReady, { timeoutMs: 90_000, describe: `${url} to be rebuilt` })
    }
    const equalTo = async (url: string, wanted: unknown) =>
      (await digest(url, file.apiKey)) === wanted
    const limits = { timeoutMs: 90_000, describe: 'equal digests' }
    await waitFor(() => equalTo(file.ledgerUrl, before.ledger), limits)
    await waitFor(() => equalTo(file.dispatcherUrl, before.dispatcher), limits)
    expect((await truth(file)).callCount).toBe(before.calls)

    const last = people.at(-1)
    const { commandId } = await notifier.notify({
      pageId: page,
      to: { psid: last?.psid ?? '', topic: TOPIC },
      text: 'on',
    })
    expect(await notifier.outcome(commandId, { pageId: page, waitMs: 60_000 })).toMatchObject({
      state: 'sent',
    })
    expect((await truth(file)).callCount).toBe(before.calls + 1)
    expect((await auditOf(file)).findings).toEqual([])
  })
})
