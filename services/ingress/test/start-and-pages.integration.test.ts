/** What an ingress needs before it takes a webhook: the log, the pages, the right pepper. */
import { createSecretKey } from 'node:crypto'
import { createServer } from 'node:net'
import type { Bus } from '@otn/bus'
import type { PageEvent, TopicRuleSet } from '@otn/contracts'
import { eventId, isAppError, pageId } from '@otn/kernel'
import { testScope } from '@otn/testing'
import { pepperCheck } from '@otn/vault'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type Ingress,
  PEPPER,
  type Place,
  post,
  readyBus,
  runIngress,
  until,
  values,
  writePageEvents,
} from './running-ingress.ts'
import { entry, optIn, webhook, wire } from './samples.ts'

const base = { eventId: eventId('e'.repeat(32)), pageId: pageId('1000'), at: 1 }

function pinned(pepper: string): PageEvent {
  const check = pepperCheck(createSecretKey(Buffer.from(pepper)))
  return { ...base, type: 'DeploymentPinned', pepperCheck: check }
}

function rule(fields: Partial<TopicRuleSet>): PageEvent {
  const shape = { ruleId: 'r1', ruleKind: 'prefix', pattern: 'SALE', topic: 'sale', priority: 2 }
  return { ...base, type: 'TopicRuleSet', ...shape, ...fields }
}

let place: Place
let bus: Bus
let ingress: Ingress | undefined

beforeAll(async () => {
  place = testScope()
  bus = await readyBus(place)
  await writePageEvents(bus, [pinned(PEPPER), rule({})])
  ingress = await runIngress(place)
})

afterAll(async () => {
  await ingress?.close()
  await bus?.close(2_000)
})

let tokens = 0

/** The topic and rule that a tap with this payload gets. */
async function namingOf(payload: string): Promise<unknown> {
  tokens += 1
  const from = await bus.positions.endOffsetsOf(['optIn'])
  const tap = optIn({ payload, one_time_notif_token: `66000000${tokens}` })
  const answer = await post(ingress?.url ?? '', wire(webhook(entry([tap]))))
  expect(answer.status).toBe(200)
  const [fact] = await values(bus, { topic: 'optIn', record: 'OptInReceived', from })
  return { topic: fact?.topic, topicRule: fact?.topicRule }
}

describe('the topic rules of a page', () => {
  test('are known before the first webhook is taken', async () => {
    expect(await namingOf('SALE-2026')).toEqual({ topic: 'sale', topicRule: 'r1' })
    expect(await namingOf('restock-7')).toEqual({ topic: null, topicRule: null })
  })

  test('are learned while webhooks come, by kind and priority', async () => {
    const identity = rule({ ruleId: 'r2', ruleKind: 'identity', pattern: null, topic: null })
    const regexp = rule({ ruleId: 'r0', ruleKind: 'regexp', pattern: '20\\d\\d$', topic: 'yearly' })
    await writePageEvents(bus, [identity, { ...regexp, priority: 1 }])
    await until('the rules are known', async () => {
      const naming = JSON.stringify(await namingOf('SALE-2026'))
      return naming === '{"topic":"yearly","topicRule":"r0"}'
    })
    expect(await namingOf('restock-7')).toEqual({ topic: 'restock-7', topicRule: 'r2' })
  })
})

describe('a start is refused', () => {
  test('under another pepper than the deployment was pinned to, before a webhook is taken', async () => {
    const error = await runIngress(place, { OTN_PERSON_PEPPER: 'another-pepper' }).catch((it) => it)
    expect(isAppError(error, 'OTN_CONFIG_INVALID')).toBe(true)
    expect(error.message).toContain('OTN_PERSON_PEPPER')
    expect(error.message).not.toContain('another-pepper')
  })

  test('where Kafka topics are missing, with every one of them at once', async () => {
    const nowhere = { ...place, prefix: 'nowhere.' }
    const error = await runIngress(nowhere).catch((it) => it)
    expect(isAppError(error, 'OTN_BUS_TOPICS_WRONG')).toBe(true)
    expect(error.message).toContain('otn.optin.events.v1')
    expect(error.message).toContain('otn.quarantine.v1')
  })

  test('where the port is taken, naming the setting', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const address = other.address()
    const port = typeof address === 'object' ? String(address?.port) : ''
    const error = await runIngress(place, { INGRESS_PORT: port }).catch((it) => it)
    other.close()
    expect(isAppError(error, 'OTN_CONFIG_INVALID')).toBe(true)
    expect(error.message).toMatch(/INGRESS_PORT.*taken/)
  })
})
