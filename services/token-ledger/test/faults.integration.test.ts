import { readFileSync } from 'node:fs'
import { kafkaTopics, type ParkedMessage } from '@otn/contracts'
import { faultProxy, waitFor } from '@otn/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { called, openedParked, optIn, tokenIdOf } from './facts.ts'
import { digits, openScene, type Scene } from './scene.ts'

let scene: Scene

beforeAll(async () => {
  scene = await openScene()
})

afterAll(() => scene[Symbol.asyncDispose]())

const someone = () => ({ psid: digits(), token: digits() })
const until = (describe: string, fact: () => boolean | Promise<boolean>) =>
  waitFor(fact, { timeoutMs: 60_000, describe })

async function parked(): Promise<readonly ParkedMessage[]> {
  const found: ParkedMessage[] = []
  const following = await scene.bus.follow({
    topics: ['parked'],
    until: 'end',
    onBatch: ({ records }) => {
      for (const { value } of records) {
        const decoded = scene.codec.decode('ParkedMessage', value)
        if (decoded.kind === 'known') found.push(decoded.value)
      }
    },
    onCrash: () => {},
  })
  await following.finished
  await following.close(1_000)
  return found
}

describe('a record that no retry can help', () => {
  test('is parked, sealed, with its place, and the partition goes on', async () => {
    const ledger = await scene.start()
    const [before, after] = [someone(), someone()]
    const { key } = optIn(before)
    await scene.append('optIn', [optIn(before)])
    await scene.appendRaw('optIn', [
      { key, value: Buffer.from('neither framed nor Avro: 4401') },
      { key, value: Buffer.from([0, 0, 0, 0x27, 0x0f, 1, 2, 3]) },
    ])
    await scene.append('optIn', [{ ...optIn(after), key }])
    await ledger.settled()
    for (const { token } of [before, after]) {
      expect((await ledger.get(`/v1/tokens/${tokenIdOf(token)}`)).body.state).toBe('live')
    }
    const messages = await parked()
    expect(messages.map(({ reason }) => reason)).toEqual(['malformed', 'unknown-schema'])
    const sourceTopic = `${scene.scope.prefix}${kafkaTopics.optIn.name}`
    expect(messages[0]).toMatchObject({ sourceTopic, sourceOffset: '1' })
    const { value } = openedParked(messages[0])
    expect(Buffer.from(String(value), 'base64').toString()).toBe('neither framed nor Avro: 4401')
    expect(ledger.logged()).not.toContain('4401')
    expect((await ledger.get('/metrics', null)).text).toMatch(/otn_ledger_parked_total{.*} 2/)
    await ledger.close()
  })

  test('is parked under the same id when the log is folded again', async () => {
    await scene.db.dropDatabase()
    const ledger = await scene.start()
    await ledger.settled()
    const ids = (await parked()).map(({ eventId }) => eventId)
    expect(ids).toHaveLength(4)
    expect(new Set(ids).size).toBe(2)
    await ledger.close()
  })
})

describe('an engine that is away', () => {
  test('MongoDB: nothing is skipped, it is not ready, and goes on by itself', async () => {
    const { host } = new URL(scene.scope.mongodbUri.replace('mongodb:', 'http:'))
    await using proxy = await faultProxy({ target: host })
    const ledger = await scene.start({
      MONGODB_URI: `mongodb://${proxy.address}/?directConnection=true`,
      LEDGER_STORE_TIMEOUT_MS: '1000',
    })
    await ledger.settled()
    proxy.refuse()
    const one = someone()
    await scene.append('optIn', [optIn(one)])
    await scene.append('notification', [called({ type: 'NotificationAttempted', ...one })])
    const path = `/v1/tokens/${tokenIdOf(one.token)}`
    await until('the outage to show', async () => {
      const { status, text } = await ledger.get('/health/ready', null)
      return status === 503 && text.includes('MongoDB does not answer')
    })
    await until('a batch to wait', () => ledger.logged().includes('batch.waits'))
    expect((await ledger.get(path)).body).toMatchObject({ status: 503, retryable: true })
    expect((await ledger.get('/health/live', null)).status).toBe(200)
    proxy.heal()
    await ledger.ready()
    await until('both facts to be folded', async () => {
      return (await ledger.get(path)).body.state === 'reserved'
    })
    expect(ledger.failures).toEqual([])
    await ledger.close()
  })

  test('the registry: a record of a newer schema waits for it, then is folded', async () => {
    const { host } = new URL(scene.scope.schemaRegistryUrl)
    await using proxy = await faultProxy({ target: host })
    const url = scene.scope.schemaRegistryUrl.replace(host, proxy.address)
    const ledger = await scene.start({ SCHEMA_REGISTRY_URL: url })
    await ledger.settled()
    proxy.refuse()
    const one = someone()
    const value = await newerOptIn(one)
    await scene.appendRaw('optIn', [{ key: optIn(one).key, value }])
    await until('the record to wait', () => ledger.logged().includes('batch.schema-awaited'))
    const path = `/v1/tokens/${tokenIdOf(one.token)}`
    expect((await ledger.get(path)).status).toBe(404)
    proxy.heal()
    await until('the record to be folded', async () => (await ledger.get(path)).status === 200)
    await ledger.close()
  })
})

/** The same fact as a later build writes it: with a field that this one does not know. */
async function newerOptIn(one: ReturnType<typeof someone>): Promise<Buffer> {
  const path = new URL('../../../schemas/OptInReceived.avsc', import.meta.url)
  const { fields, ...record } = JSON.parse(readFileSync(path, 'utf8'))
  const added = { name: 'addedLater', type: ['null', 'string'], default: null }
  const schema = JSON.stringify({ ...record, fields: [...fields, added] })
  const subject = `${scene.scope.prefix}${kafkaTopics.optIn.name}-value`
  const response = await fetch(`${scene.scope.schemaRegistryUrl}/subjects/${subject}/versions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ schema, schemaType: 'AVRO' }),
  })
  const { id } = (await response.json()) as { readonly id: number }
  const written = scene.codec.encode('OptInReceived', optIn(one).value)
  const framed = Buffer.concat([written, Buffer.from([0])])
  framed.writeInt32BE(id, 1)
  return framed
}
