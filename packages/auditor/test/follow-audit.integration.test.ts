import { type Bus, createBus } from '@otn/bus'
import {
  type AlarmEvent,
  type Codec,
  createCodec,
  createRegistryClient,
  findSchemaIds,
  kafkaTopics,
  publishSchemas,
} from '@otn/contracts'
import { testScope, waitFor } from '@otn/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { auditLog, defaultLimits, type Finding, findings, followAudit } from '../src/index.ts'
import { command, Story, token } from './support/story.ts'

const scope = testScope()
const registry = createRegistryClient(scope.schemaRegistryUrl, 60_000)
const ONE_BROKER = { replicationFactor: 1, minInsyncReplicas: 1, allowFewReplicas: true }
/** Nothing is given time: what is missing when it is looked for is found missing. */
const limits = { ...defaultLimits, readGraceMs: 0, tellMs: 0, unfinishedMs: 0 }
const [c1, c2] = [command(1), command(2)]
const [t1, t2] = [token(1), token(2)]
const nowMs = () => Date.now()

let bus: Bus
let codec: Codec

beforeAll(async () => {
  const { kafkaBrokers: brokers, prefix: topicPrefix } = scope
  bus = createBus({ brokers, clientId: 'auditor-test', topicPrefix })
  await bus.topics.apply(ONE_BROKER)
  await publishSchemas(registry, topicPrefix)
  const found = await findSchemaIds({ registry, topicPrefix })
  if ('faults' in found) throw new Error(found.faults.join('; '))
  codec = createCodec(found.ids)
})

afterAll(() => bus.close(5_000))

async function publish({ entries }: Story): Promise<void> {
  const appender = bus.appender()
  for (const { topic, key, value } of entries) {
    const bytes = codec.encode(kafkaTopics[topic].record, value as never)
    await appender.append([{ topic, key, value: bytes, headers: {} }])
  }
}

/** A reader of the alarm Kafka topic, as anybody may write one. */
async function readAlarms(): Promise<readonly AlarmEvent[]> {
  const alarms: AlarmEvent[] = []
  const following = await bus.follow({
    topics: ['alarm'],
    until: 'end',
    onCrash: () => {},
    onBatch: ({ records }) => {
      for (const { value } of records) {
        const decoded = codec.decode('AlarmEvent', value)
        if (decoded.kind === 'known') alarms.push(decoded.value)
      }
    },
  })
  await following.finished
  return alarms
}

function startAuditor() {
  const stop = new AbortController()
  const [raised, cleared]: [Finding[], Finding[]] = [[], []]
  const caughtUp = Promise.withResolvers<void>()
  const ended = followAudit(
    { bus, codec },
    {
      ...{ limits, nowMs, signal: stop.signal, everyMs: 100 },
      onFinding: (one) => raised.push(one),
      onCleared: (one) => cleared.push(one),
      onTrouble: () => {},
      onCaughtUp: caughtUp.resolve,
    },
  )
  ended.catch(caughtUp.reject)
  const codes = (list: readonly Finding[]) => list.map(({ code }) => code)
  const until = async (describe: string, holds: () => boolean) => {
    await caughtUp.promise
    const stopped = ended.then(() => Promise.reject(new Error('the auditor ended by itself')))
    stopped.catch(() => undefined)
    await Promise.race([waitFor(holds, { timeoutMs: 90_000, describe }), stopped])
  }
  return {
    raised: () => codes(raised),
    cleared: () => codes(cleared),
    until,
    stop: async () => {
      stop.abort()
      await ended
    },
  }
}

test('[U20] what is broken on the log is an alarm on the log, cleared when it is over', async () => {
  const log = new Story().page().optIn(t1).optIn(t2)
  log.notify(c1).attempted(c1, t1).sent(c1, t1).notify(c2).attempted(c2, t2)
  await publish(log)
  const auditor = startAuditor()
  await auditor.until('an attempt to be found open', () => auditor.raised().length > 0)
  expect(auditor.raised()).toEqual(['attempt-unfinished'])

  // It ends, and so spends a token that another command has spent.
  await publish(new Story().sent(c2, t2))
  await auditor.until('the alarm to be cleared', () => auditor.cleared().length > 0)
  await publish(new Story().after(3_600_000).attempted(c2, t1, 2))
  await auditor.until('more to be found', () => auditor.raised().includes('token-doubled'))
  await auditor.stop()

  const alarms = await readAlarms()
  const of = (code: string) => alarms.filter(({ alarm }) => alarm === code)
  expect(of('attempt-unfinished').map(({ type }) => type)).toEqual(['AlarmRaised', 'AlarmCleared'])
  expect(of('token-doubled')[0]).toMatchObject({
    ...{ type: 'AlarmRaised', severity: 'critical', subject: `token ${t1.tokenId}` },
  })
})

test('an auditor that starts anew finds the same and tells the log nothing twice', async () => {
  const ids = async () => (await readAlarms()).map(({ eventId }) => eventId).toSorted()
  const before = await ids()
  const auditor = startAuditor()
  await auditor.until('it to be found again', () => auditor.raised().includes('token-doubled'))
  await auditor.stop()
  expect(await ids()).toEqual(before)
})

test('one look at the log finds what following it finds', async () => {
  const state = await auditLog({ bus, codec }, { nowMs, limits })
  const codes = findings(state, nowMs(), limits).map(({ code }) => code)
  expect(codes).toContain('token-doubled')
  expect(state.tokens.size).toBe(2)
})
