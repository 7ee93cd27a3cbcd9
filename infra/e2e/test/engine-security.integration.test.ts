/** Kafka by TLS and SCRAM with an authorizer, MongoDB by TLS with users, a registry with a user. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { engineAccess, kafkaTopics, type TopicAlias } from '@otn/contracts'
import { makeAuthority, waitFor } from '@otn/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { call } from '../src/system.ts'
import { envelope, optInItem, post } from '../src/webhook.ts'
import { API_KEY, openSecuredScene, type SecuredScene } from './support/secured-scene.ts'

const FLOW_MS = 60_000
const SET_UP_MS = 240_000
const FAILED_MS = 30_000
/** A refusal that somebody may mend is waited out; here for as long as a slow answer takes. */
const SOON = { INGRESS_START_WAIT_MS: '3000' }
let scene: SecuredScene

beforeAll(async () => {
  scene = await openSecuredScene()
}, SET_UP_MS)

afterAll(async () => {
  await scene?.[Symbol.asyncDispose]()
})

const nameOf = (topic: TopicAlias) => `${scene.prefix}${kafkaTopics[topic].name}`

/** The one sentence that a service ends with, at its start or right behind it. */
async function refusal(...wish: Parameters<SecuredScene['start']>) {
  const outcome = await scene.start(...wish).then(
    async (running) => {
      // An empty log is read to its end before the first record is asked for.
      const describe = 'a service to end by itself'
      const failure = await waitFor(running.failure, { timeoutMs: FAILED_MS, describe })
      await running.close()
      return failure
    },
    (error) => error,
  )
  for (const secret of scene.secrets) expect(outcome.message).not.toContain(secret)
  return { code: String(outcome.code), message: String(outcome.message) }
}

test('each service does its work with the grants of its table and no others', {
  timeout: SET_UP_MS,
}, async () => {
  const ingress = await scene.start('ingress')
  const ledger = await scene.start('token-ledger')
  const registry = await scene.start('page-registry', {
    REGISTRY_CALLBACK_URL: `${ingress.url}/webhook`,
  })
  const dispatcher = await scene.start('dispatcher', { DISPATCHER_LEDGER_URL: ledger.url })
  const all = [dispatcher, registry, ledger, ingress]
  const ask = (url: string, body?: unknown) =>
    call(url, { key: API_KEY, ...(body === undefined ? {} : { method: 'POST', body }) })
  try {
    const page = scene.meta.pages[0]?.pageId ?? ''
    const { accessToken } = scene.meta.issueAccessToken({ kind: 'user', lifeMs: 3_600_000 })
    const connected = await ask(`${registry.url}/v1/pages/${page}/connect`, {
      userToken: accessToken,
    })
    expect(connected.body).toMatchObject({ isGreen: true })
    const { psid, token } = await scene.meta.tap({
      pageId: page,
      payload: 'otn1:restock-1234:',
      waitMs: 30_000,
    })
    const tokens = `${ledger.url}/v1/pages/${page}/persons/${psid}/tokens`
    const isLive = async () => (await ask(tokens)).text.includes('"state":"live"')
    await waitFor(isLive, { timeoutMs: FLOW_MS, describe: 'the token to be live' })
    const answer = await fetch(`${dispatcher.url}/v1/notifications`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${API_KEY}`,
        'content-type': 'application/json',
        'idempotency-key': 'secured-1',
      },
      body: JSON.stringify({ pageId: page, psid, topic: 'restock-1234', text: 'Back in stock.' }),
    })
    expect(answer.status).toBe(202)
    const state = async () =>
      (await ask(`${dispatcher.url}/v1/pages/${page}/notifications/secured-1`)).body.state
    const isSent = async () => (await state()) === 'sent'
    await waitFor(isSent, { timeoutMs: FLOW_MS, describe: 'the message to be sent' })
    expect(scene.meta.truth({ token }).deliveries).toHaveLength(1)
    const isRedeemed = async () => (await ask(tokens)).text.includes('"state":"redeemed"')
    await waitFor(isRedeemed, { timeoutMs: FLOW_MS, describe: 'the token to be redeemed' })
    const said = all.map((service) => service.logged()).join('')
    for (const secret of scene.secrets) expect(said).not.toContain(secret)
  } finally {
    await Promise.all(all.map((service) => service.close()))
  }
})

describe('one missing grant is named, with what to grant', () => {
  const without = async <T>(
    service: keyof typeof engineAccess,
    acl: Parameters<SecuredScene['grants']['revoke']>[1][number],
    work: () => Promise<T>,
  ): Promise<T> => {
    const { user } = engineAccess[service]
    await scene.grants.revoke(user, [acl])
    try {
      return await work()
    } finally {
      await scene.grants.grant(user, [acl])
    }
  }

  test('to look at a Kafka topic', async () => {
    const ours = { resource: 'topic', name: `${scene.prefix}otn.`, pattern: 'prefixed' } as const
    const told = await without('ingress', { ...ours, operation: 'DescribeConfigs' }, () =>
      refusal('ingress'),
    )
    expect(told.code).toBe('OTN_BUS_TOPICS_WRONG')
    expect(told.message).toContain(`${nameOf('token')}: our user may not look at it`)
    expect(told.message).not.toMatch(/is missing|topics apply/)
    expect(told.message).toMatch(/grant Describe and DescribeConfigs/)
  })

  test('to read a Kafka topic', async () => {
    const acl = { resource: 'topic', name: nameOf('page'), pattern: 'literal' } as const
    const told = await without('ingress', { ...acl, operation: 'Read' }, () =>
      refusal('ingress', SOON),
    )
    expect(told.message).toContain(`Kafka topic ${nameOf('page')}: our user may not read it`)
    expect(told.message).toContain('grant Read')
  })

  test('to read one Kafka topic of several', async () => {
    const acl = { resource: 'topic', name: nameOf('notification'), pattern: 'literal' } as const
    const told = await without('token-ledger', { ...acl, operation: 'Read' }, () =>
      refusal('token-ledger'),
    )
    expect(told.message).toContain(`Kafka topic ${nameOf('notification')}: our user may not read`)
  })

  test('to join a group', async () => {
    const name = `${scene.prefix}token-ledger`
    const acl = { resource: 'group', name, pattern: 'literal', operation: 'Read' } as const
    const told = await without('token-ledger', acl, () => refusal('token-ledger'))
    expect(told.message).toContain(`Kafka group ${name}: our user may not join it; grant Read`)
  })

  test('to write to a Kafka topic: the webhook is refused, the log says why', async () => {
    const acl = { resource: 'topic', name: nameOf('optIn'), pattern: 'literal' } as const
    const logged = await without('ingress', { ...acl, operation: 'Write' }, async () => {
      const ingress = await scene.start('ingress')
      const item = { pageId: '1', psid: '2', token: '3', payload: 'otn1:restock-1234:' }
      const body = envelope([{ pageId: '1', items: [optInItem(item)] }])
      const { appSecret } = scene.meta
      const posted = await post({ ingressUrl: ingress.url, appSecret }, body)
      expect(posted.status).toBe(503)
      await ingress.close()
      return ingress.logged()
    })
    const said = `Kafka topic ${nameOf('optIn')}: our user may not write it; grant Write`
    expect(logged).toContain(said)
  })

  test('at MongoDB', async () => {
    const role = engineAccess['page-registry'].user
    const resource = { db: `${scene.database}_pages`, collection: '' }
    const privileges = [{ resource, actions: ['find'] }]
    await scene.engines.asRoot({ revokePrivilegesFromRole: role, privileges })
    const told = await refusal('page-registry', { REGISTRY_CALLBACK_URL: 'http://localhost/' })
    await scene.engines.asRoot({ grantPrivilegesToRole: role, privileges })
    expect(told.message).toMatch(/MONGODB_USERNAME: this user may not find in t\w+_pages\.\w+/)
  })
})

describe('what an engine refuses of the settings stops the start with one sentence', () => {
  const registry = { REGISTRY_CALLBACK_URL: 'http://localhost/' }
  let folder: string
  let stranger: string
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'otn-stranger-'))
    stranger = (await makeAuthority(folder)).caFile
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('another authority at Kafka', async () => {
    expect(await refusal('ingress', { KAFKA_SSL_CA_FILE: stranger })).toMatchObject({
      code: 'OTN_CONFIG_INVALID',
      message: expect.stringMatching(/^KAFKA_SSL_CA_FILE: .* another authority .*; give the file/),
    })
  })

  test('a wrong password at Kafka', async () => {
    expect(await refusal('ingress', { KAFKA_SASL_PASSWORD: 'planted' })).toMatchObject({
      code: 'OTN_CONFIG_INVALID',
      message: expect.stringMatching(/^KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD: Kafka refuses/),
    })
  })

  test('another authority at MongoDB', async () => {
    const wish = { ...registry, MONGODB_TLS_CA_FILE: stranger }
    expect(await refusal('page-registry', wish)).toMatchObject({
      code: 'OTN_CONFIG_INVALID',
      message: expect.stringMatching(/^MONGODB_TLS_CA_FILE: .* another authority/),
    })
  })

  test('a wrong password at MongoDB', async () => {
    const wish = { ...registry, MONGODB_PASSWORD: 'planted' }
    expect(await refusal('page-registry', wish)).toMatchObject({
      code: 'OTN_CONFIG_INVALID',
      message: expect.stringMatching(/^MONGODB_USERNAME, MONGODB_PASSWORD: MongoDB refuses them/),
    })
  })

  test('a wrong password at the schema registry', async () => {
    expect(await refusal('ingress', { SCHEMA_REGISTRY_PASSWORD: 'planted' })).toMatchObject({
      code: 'OTN_CONFIG_INVALID',
      message: expect.stringMatching(/^SCHEMA_REGISTRY_USERNAME, SCHEMA_REGISTRY_PASSWORD: /),
    })
  })
})
