/**
 * Everything that comes in bears a mark: what then comes out of four services (logs, metrics,
 * answers, alarms, errors, the log and its headers, the stores) is searched for all of them.
 */
import { execFile } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { allKafkaTopics, type Notify } from '@otn/contracts'
import { dispatcherSettings } from '@otn/dispatcher'
import { ingressSettings } from '@otn/ingress'
import { pageScopedUserId as asPsid, commandId, pageId } from '@otn/kernel'
import { registrySettings } from '@otn/page-registry'
import { describeFaults, readSettings } from '@otn/runtime'
import { waitFor } from '@otn/testing'
import { ledgerSettings } from '@otn/token-ledger'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Balancer, openBalancer } from '../src/balancer.ts'
import { type Deployment, openDeployment, type Part, type ServiceName } from '../src/deployment.ts'
import { PLANTED, plantsIn } from '../src/planted.ts'
import { optInItem, sign } from '../src/webhook.ts'

const TOPIC = 'restock-1234'
const SERVICES = ['ingress', 'token-ledger', 'page-registry', 'dispatcher'] as const
const SECRET_ENV = {
  ...{ KAFKA_SASL_PASSWORD: PLANTED.kafkaPassword },
  ...{ SCHEMA_REGISTRY_USERNAME: 'reader', SCHEMA_REGISTRY_PASSWORD: PLANTED.registryPassword },
}
const limits = { timeoutMs: 60_000 }

let balancer: Balancer
let deployment: Deployment
let page: string
const parts = new Map<ServiceName, Part>()
/** Heads and bodies of every answer. */
const answers: { readonly what: string; readonly status: number; readonly text: string }[] = []

beforeAll(async () => {
  balancer = await openBalancer()
  const { appSecret, verifyToken, pepper, apiKey } = PLANTED
  deployment = await openDeployment({
    ...{ appSecret, verifyToken, pepper, apiKey, seed: 'planted' },
    ...{ masterKey: `k1:${PLANTED.masterKey}`, callbackUrl: `${balancer.url}/webhook` },
  })
  page = deployment.meta.pages[0]?.pageId ?? ''
  for (const name of SERVICES) {
    parts.set(name, await deployment.start(name, SECRET_ENV))
    if (name === 'ingress') balancer.add(urlOf('ingress'))
  }
})

afterAll(async () => {
  await deployment?.[Symbol.asyncDispose]()
  await balancer?.[Symbol.asyncDispose]()
})

function urlOf(name: ServiceName): string {
  return parts.get(name)?.url ?? ''
}

interface Request {
  readonly method?: string
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly key?: string | null
}

async function ask(name: ServiceName, path: string, request: Request = {}) {
  const { method = 'GET', body, headers = {}, key = PLANTED.apiKey } = request
  const type = body === undefined ? {} : { 'content-type': 'application/json' }
  const answer = await fetch(`${urlOf(name)}${path}`, {
    ...{ method, ...(body === undefined ? {} : { body }) },
    headers: {
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...{ 'x-forwarded-for': PLANTED.header, cookie: PLANTED.header, ...type, ...headers },
    },
  })
  const text = [...answer.headers.entries(), await answer.text()].join('\n')
  answers.push({ what: `${method} ${name} ${path}`, status: answer.status, text })
  return { status: answer.status, text }
}

const json = (value: unknown) => ({ method: 'POST', body: JSON.stringify(value) })

/** A webhook as Meta signs it, with marks in its query and heads. */
function webhook(body: string, signature = sign(PLANTED.appSecret, body)) {
  const headers = { 'x-hub-signature-256': signature, 'user-agent': PLANTED.header }
  const path = `/webhook?access_token=${PLANTED.query}`
  return ask('ingress', path, { method: 'POST', body, headers, key: null })
}

const from = (members: object, psid: string = PLANTED.psid) => ({
  ...{ sender: { id: psid }, recipient: { id: page }, timestamp: Date.now(), ...members },
})

/** Each kind of item that carries something of a person. */
async function webhooksComeIn(): Promise<void> {
  const { psid, token, context, payload, personsText, ref, userRef } = PLANTED
  const { fileUrl, title, authorizationCode, unknownMember } = PLANTED
  const tap = { pageId: page, psid, token, payload: `otn1:${TOPIC}:${context}` }
  const file = { type: 'image', payload: { url: fileUrl } }
  const items = [
    optInItem(tap),
    { ...optInItem({ ...tap, token: `${token}9` }), timestamp: null },
    from({ message: { mid: 'm_1', text: personsText, attachments: [file] } }),
    from({ message: { mid: 'm_2', text: personsText, quick_reply: { payload } } }),
    from({
      postback: { title, payload, referral: { ref, source: 'SHORTLINK', type: 'OPEN_THREAD' } },
    }),
    from({ referral: { ref, source: 'SHORTLINK', type: 'OPEN_THREAD' } }),
    from({ optin: { ref, user_ref: userRef } }),
    from({ optin: { type: 'one_time_notif_req', secret: unknownMember } }),
    from({ account_linking: { status: 'linked', authorization_code: authorizationCode } }),
    from({ something_new: { inside: unknownMember } }),
  ]
  const body = JSON.stringify({
    object: 'page',
    entry: [{ id: page, time: Date.now(), messaging: items }],
  })
  expect((await webhook(body)).status).toBe(200)
  expect((await webhook(`{"object":"page","entry":"${PLANTED.brokenBody}`)).status).toBe(200)
  expect((await webhook(`{"a":"${PLANTED.forgedBody}"}`, 'sha256=planted-header')).status).toBe(401)
  const handshake = `hub.mode=subscribe&hub.verify_token=${PLANTED.guessedToken}&hub.challenge=1`
  expect((await ask('ingress', `/webhook?${handshake}`, { key: null })).status).toBe(403)
  expect((await ask('ingress', `/${PLANTED.path}`, { key: null })).status).toBe(404)
}

/** What people and services ask, rightly and wrongly. */
async function callersAsk(): Promise<void> {
  const { psid, externalUserId, wrongKey, strangeField, brokenJson, query, path, login } = PLANTED
  const items = [
    { pageId: page, psid, topic: TOPIC },
    { pageId: page, externalUserId, topic: TOPIC },
  ]
  const persons = `/v1/pages/${page}/persons/${psid}`
  await ask('token-ledger', persons)
  await ask('token-ledger', `${persons}/tokens?topic=${TOPIC}`)
  await ask('token-ledger', `${persons}x/tokens?state=${query}&limit=${query}`)
  await ask('token-ledger', `/v1/tokens/${path}`)
  await ask('token-ledger', '/v1/candidates', json({ items }))
  await ask('token-ledger', '/v1/candidates', json({ items: [{ pageId: strangeField }] }))
  for (const name of SERVICES) {
    await ask(name, `/v1/${path}?access_token=${query}`)
    await ask(name, '/v1/pages', { key: wrongKey })
    await ask(name, `/health/live?${query}`, { key: null })
  }
  const broken = { method: 'POST', body: `{"text":"${brokenJson}` }
  await ask('dispatcher', '/v1/notifications', broken)
  await ask('token-ledger', '/v1/candidates', broken)
  await ask('page-registry', `/v1/pages/${page}/connect`, broken)
  await ask('page-registry', `/v1/pages/${page}/connect`, json({ userToken: login }))
  await ask('page-registry', '/v1/offers', json({ userToken: login }))
  const wrong = { pageId: strangeField, psid, text: PLANTED.text, notBefore: strangeField }
  await ask('dispatcher', '/v1/notifications', json(wrong))
}

const DETAIL = `Message ${PLANTED.text} to ${PLANTED.otherPsid} was not taken for`

/** A page that is connected; a message that goes out, and one that the platform refuses in words. */
async function messagesGoOut(): Promise<void> {
  const { meta } = deployment
  const { accessToken: userToken } = meta.issueAccessToken({ kind: 'user', lifeMs: 3_600_000 })
  const connected = await ask('page-registry', `/v1/pages/${page}/connect`, json({ userToken }))
  expect(connected.text).toContain('"isGreen":true')
  expect(plantsIn(connected.text)).toEqual([])
  expect(answers.at(-1)?.text).not.toContain(userToken)
  const [known] = meta.addPeople({ pageId: page, psid: PLANTED.otherPsid, count: 1 })
  const payload = `otn1:${TOPIC}:${PLANTED.context}`
  for (const code of [null, 100, 999_999]) {
    const tapped = await meta.tap({ pageId: page, psid: known?.psid, payload, waitMs: 30_000 })
    const error = { kind: 'error', status: 400, message: `${DETAIL} ${tapped.token}` } as const
    if (code !== null) meta.addKnob({ times: 1, deliver: false, answer: { ...error, code } })
    const body = { pageId: page, psid: PLANTED.otherPsid, topic: TOPIC, text: PLANTED.text }
    const sent = await ask('dispatcher', '/v1/notifications', {
      ...json(body),
      headers: { 'idempotency-key': `sent-${code}` },
    })
    expect(sent.status).toBe(202)
    const isSaid = async () => {
      const { text } = await ask('dispatcher', `/v1/pages/${page}/notifications/sent-${code}`)
      return /Sent|Failed|InDoubt|"(sent|failed|in-doubt)"/.test(text)
    }
    await waitFor(isSaid, { ...limits, describe: `an end of sent-${code}` })
  }
}

/** Commands in clear, as anybody may write them, and bytes that are none. */
async function recordsComeIn(): Promise<void> {
  const { bus, codec } = deployment
  const appender = bus.appender({ deadlineMs: 20_000 })
  const headers = {
    ce_id: PLANTED.recordHeader,
    'x-secret': PLANTED.recordHeader,
    traceparent: PLANTED.recordHeader,
  }
  const wish = { pageId: pageId(page), topic: TOPIC, text: PLANTED.text }
  const commands: readonly Notify[] = [
    {
      ...wish,
      commandId: commandId('by-psid'),
      psid: asPsid(PLANTED.psid),
      notBefore: Date.now() + 9e6,
    },
    { ...wish, commandId: commandId('by-account'), externalUserId: PLANTED.externalUserId },
    { ...wish, commandId: commandId('wrong'), psid: asPsid(PLANTED.strangeField) },
    {
      ...wish,
      commandId: commandId('topicless'),
      psid: asPsid(PLANTED.psid),
      topic: PLANTED.strangeField,
    },
    {
      ...wish,
      commandId: commandId('body'),
      psid: asPsid(PLANTED.psid),
      message: PLANTED.brokenJson,
    },
  ]
  const records = commands.map((value) => ({
    ...{ topic: 'notify' as const, key: value.commandId, headers },
    value: codec.encode('Notify', value),
  }))
  const garbage = (['notify', 'optInRequest', 'consent', 'optIn', 'page'] as const).map(
    (topic) => ({
      ...{ topic, key: PLANTED.recordHeader, headers, value: Buffer.from(PLANTED.brokenRecord) },
    }),
  )
  await appender.append([...records, ...garbage])
  const isParked = async () => (await deployment.read('parked')).length >= 2
  await waitFor(isParked, { ...limits, describe: 'what is no record to be parked' })
  for (const id of ['by-psid', 'wrong', 'topicless', 'body']) {
    const isKnown = async () =>
      (await ask('dispatcher', `/v1/pages/${page}/notifications/${id}`)).status === 200
    await waitFor(isKnown, { ...limits, describe: `command ${id} to be known` })
  }
}

function otn(args: readonly string[], more: Readonly<Record<string, string>> = {}) {
  const main = join(import.meta.dirname, '../../../packages/cli/src/main.ts')
  const env = {
    ...{ PATH: process.env.PATH, ...deployment.env, ...SECRET_ENV, OTN_API_KEY: PLANTED.apiKey },
    ...{ OTN_LEDGER_URL: urlOf('token-ledger'), OTN_PAGES_URL: urlOf('page-registry'), ...more },
  }
  return new Promise<{ readonly code: number; readonly text: string }>((resolve) => {
    execFile(process.execPath, [main, ...args], { env }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, text: out + err })
    })
  })
}

/** Personal fields in clear stand on commands alone (design 3). */
const OURS = allKafkaTopics.filter(({ kind }) => kind !== 'command')

describe('[D-09, S1-44] what is planted in every input', () => {
  test('comes out of four services nowhere: logs, metrics, answers, the log, its headers, the stores', async () => {
    await webhooksComeIn()
    await messagesGoOut()
    await recordsComeIn()
    await callersAsk()
    for (const name of SERVICES) await ask(name, '/metrics', { key: null })
    await ask('ingress', '/v1/webhook/health')
    await ask('page-registry', `/v1/pages/${page}`)

    for (const { what, text } of answers) expect(plantsIn(text), what).toEqual([])
    expect(answers.map(({ status }) => status)).toEqual(
      expect.arrayContaining([200, 202, 400, 401, 403, 404]),
    )
    const logged = deployment.logged()
    expect(plantsIn(logged)).toEqual([])
    for (const event of ['webhook.received', 'webhook.refused', 'page.stepped', 'batch.folded']) {
      expect(logged).toContain(event)
    }
    const found = new Map<string, number>()
    for (const { alias } of OURS) {
      for (const { key, headers, raw } of await deployment.read(alias)) {
        found.set(alias, (found.get(alias) ?? 0) + 1)
        const clear = Buffer.concat([raw, Buffer.from(`${key} ${JSON.stringify(headers)}`)])
        expect(plantsIn(clear), alias).toEqual([])
      }
    }
    for (const alias of ['optIn', 'engagement', 'page', 'notification', 'parked', 'quarantine']) {
      expect(found.get(alias), alias).toBeGreaterThan(0)
    }
    const { databases } = await deployment.mongodb.db().admin().listDatabases()
    const ours = databases.filter(({ name }) => name.startsWith(deployment.scope.database))
    expect(ours).toHaveLength(3)
    for (const { name } of ours) {
      const db = deployment.mongodb.db(name)
      for (const collection of await db.listCollections().toArray()) {
        const rows = await db.collection(collection.name).find({}, { raw: true }).toArray()
        for (const row of rows) {
          expect(plantsIn(row as unknown as Buffer), `${name}.${collection.name}`).toEqual([])
        }
      }
    }
    for (const part of parts.values()) expect(part.failures).toEqual([])
  })

  test('comes out of no list of the command line', async () => {
    for (const args of [
      ['quarantine', 'list'],
      ['parked', 'list', '--json'],
      ['tail', 'events', 'receipts', 'alarms', '--since', 'beginning', '--until-caught-up'],
    ]) {
      const { code, text } = await otn(args)
      expect([code, plantsIn(text)], args.join(' ')).toEqual([0, []])
      expect(text.length).toBeGreaterThan(100)
    }
    const file = join(mkdtempSync(join(tmpdir(), 'otn-login-')), 'login.txt')
    writeFileSync(file, PLANTED.login)
    const login = await otn(['pages', 'connect', page, '--token-file', file])
    expect([login.code, plantsIn(login.text)]).toEqual([1, []])
    const wrong = await otn(['parked', 'list'], { OTN_MASTER_KEY: PLANTED.text, KAFKA_BROKERS: '' })
    expect(wrong.code).toBeGreaterThan(0)
    expect(plantsIn(wrong.text)).toEqual([])
  })

  test('comes out of no fault of a setting, whatever is given in the place of a secret', () => {
    const declared = {
      ...ingressSettings,
      ...ledgerSettings,
      ...dispatcherSettings,
      ...registrySettings,
    }
    const secrets = Object.values(declared).filter(({ secret }) => secret)
    expect(secrets.length).toBeGreaterThan(6)
    for (const given of [PLANTED.text, `${PLANTED.apiKey},,`, PLANTED.title]) {
      const env = Object.fromEntries(secrets.map(({ env: name }) => [name, given]))
      const read = readSettings(declared, { env, readFile: () => '' })
      expect('faults' in read).toBe(true)
      if ('faults' in read) expect(plantsIn(describeFaults(read.faults))).toEqual([])
    }
  })

  test('is found where it may stand: the search itself can fail', async () => {
    const commands = await deployment.read('notify')
    const found = new Set(
      commands.flatMap(({ raw, headers }) => [
        ...plantsIn(raw),
        ...plantsIn(JSON.stringify(headers)),
      ]),
    )
    expect([...found].toSorted()).toEqual(
      expect.arrayContaining(['externalUserId', 'psid', 'recordHeader', 'text']),
    )
    for (const value of Object.values(PLANTED)) {
      const inBase64 = Buffer.from(`before ${value} behind`).toString('base64')
      expect(plantsIn(inBase64).length, value).toBeGreaterThan(0)
    }
  })
})
