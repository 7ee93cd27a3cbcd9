import type { InRecord } from '@otn/bus'
import type { NotificationEvent } from '@otn/contracts'
import { commandId, eventId, pageId, personId } from '@otn/kernel'
import { testScope } from '@otn/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createNotifier, type Notified, type Notifier, type NotifyInput } from '../src/index.ts'
import { createDeployment, type Deployment } from './support/deployment.ts'

const scope = testScope()
const options = {
  kafka: { brokers: scope.kafkaBrokers, topicPrefix: scope.prefix },
  schemaRegistryUrl: scope.schemaRegistryUrl,
  source: 'stock-service',
}
const input: NotifyInput = {
  pageId: '1000',
  to: { psid: '2000', topic: 'restock-1234' },
  text: 'The blue jacket is back.',
}

let deployment: Deployment
let notifier: Notifier

beforeAll(async () => {
  deployment = await createDeployment(scope)
  notifier = await createNotifier(options)
})

afterAll(async () => {
  await notifier?.close()
  await deployment?.[Symbol.asyncDispose]()
})

/** Writes a fact as the dispatcher would. */
async function tell(command: Notified, fact: Partial<NotificationEvent>) {
  const { bus, codec } = deployment
  const value = {
    eventId: eventId(`${command.commandId} ${fact.type}`),
    commandId: commandId(command.commandId),
    pageId: pageId(command.pageId),
    commandDigest: command.digest,
    attempt: 1,
    at: Date.now(),
    person: personId('sStxGmklUR7y9IbqqR-AlG'),
    route: 'TOKEN',
    certainty: 'CONFIRMED',
    ...fact,
  } as NotificationEvent
  const record = { topic: 'notification', key: command.commandId, headers: {} } as const
  const encoded = codec.encode('NotificationEvent', value)
  await bus.appender().append([{ ...record, value: encoded }])
}

async function commandsOnTheLog(
  topic: 'notify' | 'consent' = 'notify',
): Promise<readonly InRecord[]> {
  const records: InRecord[] = []
  const following = await deployment.bus.follow({
    topics: [topic],
    until: 'end',
    onBatch: (batch) => void records.push(...batch.records),
    onCrash: () => {},
  })
  await following.finished
  return records
}

describe('notify', () => {
  test('[D-07] has resolved only when the command is on the log, as anyone can read it', async () => {
    const { commandId: id, position } = await notifier.notify(input)
    const found = (await commandsOnTheLog()).find(({ key }) => key?.toString() === `1000:${id}`)
    expect(found?.offset).toBe(BigInt(position.offset))
    expect(position.kafkaTopic).toBe(`${scope.prefix}otn.notify.commands.v1`)
    expect(found?.headers).toMatchObject({
      ce_specversion: '1.0',
      ce_id: `1000:${id}`,
      ce_source: '/otn/client/stock-service',
      ce_type: 'Notify',
    })
    const decoded = deployment.codec.decode('Notify', found?.value ?? null)
    expect(decoded).toMatchObject({
      kind: 'known',
      value: { commandId: id, psid: '2000', requestedBy: 'stock-service' },
    })
  })

  test('takes hundreds of concurrent calls, every one acknowledged and there', async () => {
    const calls = Array.from({ length: 300 }, (_, at) =>
      notifier.notify({ ...input, idempotencyKey: `crowd-${at}` }),
    )
    await Promise.all(calls)
    const keys = (await commandsOnTheLog()).map(({ key }) => String(key))
    expect(new Set(keys.filter((key) => key.startsWith('1000:crowd-'))).size).toBe(300)
  })
})

describe('withdraw', () => {
  test('has resolved only when the command is on the log, as anyone can read it', async () => {
    const consent = { psid: '2000', topic: 'restock-1234' }
    const { commandId: id, position } = await notifier.withdraw({ pageId: '1000', consent })
    expect(position.kafkaTopic).toBe(`${scope.prefix}otn.consent.commands.v1`)
    const records = await commandsOnTheLog('consent')
    const found = records.find(({ key }) => key?.toString() === `1000:${id}`)
    expect(found?.offset).toBe(BigInt(position.offset))
    expect(found?.headers).toMatchObject({ ce_type: 'WithdrawConsent' })
    expect(deployment.codec.decode('WithdrawConsent', found?.value ?? null)).toMatchObject({
      kind: 'known',
      value: { commandId: id, ...consent, requestedBy: 'stock-service' },
    })
  })
})

describe('outcome', () => {
  test('is told as soon as the final fact is on the log', async () => {
    const command = await notifier.notify(input)
    const outcome = notifier.outcome(command.commandId, { waitMs: 30_000 })
    await tell(command, { type: 'NotificationAttempted' })
    await tell(command, { type: 'NotificationSent' })
    expect(await outcome).toMatchObject({ state: 'sent', certainty: 'CONFIRMED' })
  })

  test('is found by another process from what notify gave, stored as JSON', async () => {
    const command = await notifier.notify(input)
    const reason = 'no-live-token'
    await tell(command, { type: 'NotificationFailed', attempt: 0, reason, tokenReleased: true })
    await using other = await createNotifier(options)
    const stored: Notified = JSON.parse(JSON.stringify(command))
    expect(await other.outcome(stored)).toMatchObject({ state: 'failed', reason, who: 'person' })
  })

  test('of a repeat is found where an earlier run left it', async () => {
    const startedAt = Date.now() - 1_000
    const wish = { ...input, idempotencyKey: 'restock-1234:2000' }
    await tell(await notifier.notify(wish), { type: 'NotificationSent' })
    await using later = await createNotifier(options)
    const repeat = await later.notify(wish)
    expect(await later.outcome(repeat)).toEqual({ state: 'pending' })
    expect(await later.outcome(repeat, { since: startedAt })).toMatchObject({ state: 'sent' })
  })

  test('of another content under a used id is its refusal, not what the first one became', async () => {
    const wish = { ...input, idempotencyKey: 'used' }
    await tell(await notifier.notify(wish), { type: 'NotificationSent' })
    const second = await notifier.notify({ ...wish, text: 'Something else.' })
    await tell(second, { type: 'CommandRejected', attempt: 0, reason: 'command-id-reused' })
    const outcome = await notifier.outcome(second, { waitMs: 10_000 })
    expect(outcome).toMatchObject({ state: 'failed', reason: 'command-id-reused' })
  })

  test('is pending, with the reason, for a command that waits', async () => {
    const command = await notifier.notify(input)
    const sealed = { keyId: 'k1', sealed: Buffer.from('sealed') }
    const waiting = { reason: 'not-before', dueAt: Date.now() + 60_000, ...sealed }
    await tell(command, { type: 'NotificationScheduled', attempt: 0, ...waiting })
    const outcome = await notifier.outcome(command, { waitMs: 2_000 })
    expect(outcome).toMatchObject({ state: 'pending', reason: 'not-before' })
  })
})

describe('a notifier that cannot work says so at once', () => {
  test('where Kafka is not there', async () => {
    const kafka = { brokers: ['127.0.0.1:9'] }
    const made = createNotifier({ ...options, kafka: { ...options.kafka, ...kafka } })
    await expect(made).rejects.toMatchObject({ code: 'OTN_BUS_UNREACHABLE', retryable: true })
  })

  test('where the schemas are not published', async () => {
    const kafka = { ...options.kafka, topicPrefix: 'nobody.' }
    const made = createNotifier({ ...options, kafka })
    await expect(made).rejects.toThrow('run: pnpm otn schemas publish')
  })

  test('where the registry is not there and no ids are given', async () => {
    const made = createNotifier({ ...options, schemaRegistryUrl: 'http://127.0.0.1:9' })
    await expect(made).rejects.toMatchObject({ code: 'OTN_REGISTRY_UNREACHABLE' })
  })
})

describe('requestOptIn', () => {
  test('publishes a question whose outcome stands on a Kafka topic of its own [S0-08]', async () => {
    const question = { pageId: '1000', title: 'Tell you when it is back?', context: 'shop-7' }
    const asked = await notifier.requestOptIn({
      ...question,
      to: { psid: '2000', topic: 'restock' },
    })
    expect(asked.position.kafkaTopic).toMatch(/otn\.optin-request\.commands\.v1$/)
    expect(await notifier.outcome(asked)).toEqual({ state: 'pending' })
    const { bus, codec } = deployment
    const value = codec.encode('OptInRequestEvent', {
      type: 'OptInRequestFailed',
      eventId: eventId(`${asked.commandId} failed`),
      commandId: commandId(asked.commandId),
      pageId: pageId('1000'),
      ...{ commandDigest: asked.digest, attempt: 0, at: 1, reason: 'request-open' },
    })
    const record = { topic: 'optInRequestEvent', key: 'k', headers: {}, value } as const
    await bus.appender().append([record])
    const failed = { state: 'failed', reason: 'request-open', who: 'person' }
    expect(await notifier.outcome(asked, { waitMs: 30_000 })).toMatchObject(failed)
    // Stored, and asked for elsewhere; by its id alone it is known here.
    const stored = JSON.parse(JSON.stringify(asked))
    expect(await notifier.outcome(stored, { waitMs: 30_000 })).toMatchObject(failed)
    expect(await notifier.outcome(asked.commandId)).toMatchObject(failed)
  })
})
