/** A secret is changed while webhooks come in, and nobody honest is refused for it. */
import { mkdtempSync, renameSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Bus } from '@otn/bus'
import { testScope } from '@otn/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Ingress, type Place, readyBus, runIngress, until, values } from './running-ingress.ts'
import { entry, optIn, sha256Header, webhook, wire } from './samples.ts'

const SHOP = '1001'
const CAFE = '1002'
const [OLD, NEW] = ['planted-old-app-secret', 'planted-new-app-secret'] as const
const CAFE_SECRET = 'planted-cafe-app-secret'
const POSTERS = 8
const EACH_PHASE = 100

const file = join(mkdtempSync(join(tmpdir(), 'otn-apps-')), 'apps.json')
let place: Place
let bus: Bus
let ingress: Ingress

/** Put in place as a whole, as a mounted secret is. */
function writeApps(text: string): void {
  writeFileSync(`${file}.new`, text)
  renameSync(`${file}.new`, file)
}

const appsText = (shopSecrets: readonly string[], tokens = ['planted-shop-token']) =>
  JSON.stringify([
    { appId: SHOP, appSecrets: shopSecrets, verifyTokens: tokens },
    { appId: CAFE, appSecrets: [CAFE_SECRET], verifyTokens: ['planted-cafe-token'] },
  ])

const timesSaid = (event: string) => ingress.logged().split(`"event":"${event}"`).length - 1

/** Another file, in force. */
async function turnTo(text: string, event: 'apps.read' | 'apps.unusable'): Promise<void> {
  const before = timesSaid(event)
  writeApps(text)
  await until(`the file is ${event}`, () => timesSaid(event) > before)
}

beforeAll(async () => {
  writeApps(appsText([OLD]))
  place = testScope()
  bus = await readyBus(place)
  ingress = await runIngress(place, {
    ...{ META_APPS_FILE: file, INGRESS_APPS_FILE_CHECK_MS: '50' },
  })
})

afterAll(async () => {
  await ingress?.close()
  await bus?.close(2_000)
})

const tap = (token: string) => wire(webhook(entry([optIn({ one_time_notif_token: token })])))

async function statusOf(path: string, secret: string, body = tap('4400')): Promise<number> {
  const headers = { 'x-hub-signature-256': sha256Header(body, secret) }
  return (await fetch(`${ingress.url}${path}`, { method: 'POST', body, headers })).status
}

async function signatures(app: string, secret: 'newest' | 'older'): Promise<number> {
  const metrics = await (await fetch(`${ingress.url}/metrics`)).text()
  const labels = `app="${app}",secret="${secret}",service="ingress"`
  const line = `otn_ingress_signatures_total{${labels}} `
  return Number(
    metrics
      .split('\n')
      .find((it) => it.startsWith(line))
      ?.slice(line.length) ?? 0,
  )
}

describe('several apps', () => {
  test('each prove their own webhooks alone, and an unknown one is not found [D-08, S1-04, S1-44]', async () => {
    expect(await statusOf(`/webhook/${SHOP}`, OLD)).toBe(200)
    expect(await statusOf(`/webhook/${CAFE}`, CAFE_SECRET)).toBe(200)
    expect(await statusOf(`/webhook/${CAFE}`, OLD)).toBe(401)
    expect(await statusOf(`/webhook/${SHOP}`, CAFE_SECRET)).toBe(401)
    expect(await statusOf('/webhook/1003', OLD)).toBe(404)
    expect([await statusOf('/webhook', OLD), await statusOf('/webhook', CAFE_SECRET)]).toEqual([
      200, 200,
    ])
  })

  test('each answer the handshake for their own verify token [S1-41]', async () => {
    const shake = async (app: string, token: string) => {
      const query = `hub.mode=subscribe&hub.challenge=11&hub.verify_token=${token}`
      return (await fetch(`${ingress.url}/webhook/${app}?${query}`)).status
    }
    expect(await shake(SHOP, 'planted-shop-token')).toBe(200)
    expect(await shake(CAFE, 'planted-shop-token')).toBe(403)
    expect(await shake('1003', 'planted-shop-token')).toBe(404)
  })
})

test('an app secret is changed under load: none refused, and the old one is worth nothing afterwards [S1-44]', async () => {
  const sent: string[] = []
  const refused: number[] = []
  const state: { secret: string; isOver: boolean } = { secret: OLD, isOver: false }
  const poster = async (name: number) => {
    for (let turn = 0; !state.isOver; turn += 1) {
      const token = `45${name}${turn}`
      const status = await statusOf(`/webhook/${SHOP}`, state.secret, tap(token))
      if (status === 200) sent.push(token)
      else refused.push(status)
    }
  }
  const more = async () => {
    const wanted = sent.length + EACH_PHASE
    await until('more are sent', () => sent.length + refused.length >= wanted)
  }
  const posters = Array.from({ length: POSTERS }, (_, name) => poster(name))
  await more()
  await turnTo(appsText([NEW, OLD]), 'apps.read')
  await more()
  // In the dashboard: from now on the platform signs with the new one.
  state.secret = NEW
  await more()
  const older = await signatures(SHOP, 'older')
  expect(older).toBeGreaterThanOrEqual(EACH_PHASE)
  await more()
  // The overlap can end: the older one signs nothing any more.
  expect(await signatures(SHOP, 'older')).toBeLessThanOrEqual(older + POSTERS)
  await turnTo(appsText([NEW]), 'apps.read')
  await more()
  state.isOver = true
  await Promise.all(posters)
  expect(refused).toEqual([])
  expect(await statusOf(`/webhook/${SHOP}`, OLD)).toBe(401)
  expect(await statusOf('/webhook', OLD)).toBe(401)
  const facts = await values(bus, { topic: 'optIn', record: 'OptInReceived' })
  expect(new Set(facts.map(({ eventId }) => eventId)).size).toBe(new Set(sent).size + 1)
})

test('a file that is wrong changes nothing, says so without a secret, and can be mended', async () => {
  await turnTo(appsText(['planted']), 'apps.unusable')
  expect(await statusOf(`/webhook/${SHOP}`, NEW)).toBe(200)
  const usable = async () => (await (await fetch(`${ingress.url}/metrics`)).text()).split('\n')
  expect(await usable()).toContain('otn_ingress_apps_file_usable{service="ingress"} 0')
  await turnTo(appsText([NEW]), 'apps.read')
  expect(await usable()).toContain('otn_ingress_apps_file_usable{service="ingress"} 1')
  expect(ingress.logged()).toContain('entry 1, appSecrets[0]')
  expect(ingress.logged()).not.toContain('planted')
})
