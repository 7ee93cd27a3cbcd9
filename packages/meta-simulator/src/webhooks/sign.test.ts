/** The vectors of the reference, secret `test-app-secret`. */
import { expect, test } from 'vitest'

import { webhookJson } from '../domain/escaped-json.ts'
import type { WebhookEvent } from '../domain/webhook-event.ts'
import { appSecretProof, sign } from './sign.ts'
import { webhookBody } from './webhook-body.ts'

const SECRET = 'test-app-secret'
const TIME_MS = 1458692752478
const ends = { sender: { id: '2000' }, recipient: { id: '1000' }, timestamp: TIME_MS }
const kind = { field: 'messages', array: 'messaging' } as const
const spoken: WebhookEvent = {
  ...kind,
  pageId: '1000',
  item: { ...ends, message: { mid: 'm_1', text: 'äöå 😀 <@%/' } },
}
const optin = { type: 'one_time_notif_req', payload: 'otn:7f3c' }
const tapped: WebhookEvent = {
  ...kind,
  pageId: '1000',
  item: { ...ends, optin: { ...optin, one_time_notif_token: '4400000000000001' } },
}

const vectors = [
  {
    name: 'V1',
    body: Buffer.from(webhookJson({ object: 'page', entry: [] })),
    bytes: 28,
    sha256: '1a82db3abc2fa71a3fffecfedef579a8468a44850cd8a83a0c56974faff81689',
    sha1: '8140dad690593c0a964005080d6c445e7921d6f3',
  },
  {
    name: 'V2',
    body: webhookBody([spoken], TIME_MS),
    bytes: 239,
    sha256: 'd07b02f79ab58097137789ce1cf9f8d4d696400250d82fa1a8b909bbfea2b546',
    sha1: '5641bd87da69d1aa95a3eaafdb7816daf6121587',
  },
  {
    name: 'V3',
    body: webhookBody([tapped], TIME_MS),
    bytes: 254,
    sha256: '25c366740f261820b2d246a2cb719f57a90cc601e686bbf66c8a355ccd7c3a75',
    sha1: 'e3ab6961ce8e271a4084d4a6da24a39e40c2ab10',
  },
]

test.each(vectors)('$name is written and signed byte for byte', ({ body, bytes, sha256, sha1 }) => {
  expect(body).toHaveLength(bytes)
  expect(sign(body, SECRET)).toEqual({
    'x-hub-signature-256': `sha256=${sha256}`,
    'x-hub-signature': `sha1=${sha1}`,
  })
})

test('a body that was parsed and written again carries another signature (V2u, V2a)', () => {
  const body = webhookBody([spoken], TIME_MS)
  const plain = JSON.stringify(JSON.parse(body.toString()))
  const ascii = plain.replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  const signatures = [plain, ascii].map((text) => sign(Buffer.from(text), SECRET))
  expect(signatures.map((headers) => headers['x-hub-signature-256'])).toEqual([
    'sha256=f762a14dc9c9b5fdb236529766a257e7a63f86004a754722e9e02c2698bb2074',
    'sha256=94477717f7de034f279a769eb745e7c5603e36d370fcde09bb7d1d56059980fe',
  ])
  expect(signatures).not.toContainEqual(sign(body, SECRET))
})

test('P1: the proof of an access token is its digest under the app secret', () => {
  expect(appSecretProof('PAGE_TOKEN_EXAMPLE', SECRET)).toBe(
    'fadbde20d59dcd0f28b0560f6bdb585b56a3b515b50242af9483d664fc02d287',
  )
})

test('a body holds one entry per run of events of a page, in their order', () => {
  const other: WebhookEvent = { ...kind, pageId: '1001', item: { n: 3 } }
  const body = webhookBody([spoken, tapped, other, spoken], TIME_MS)
  const { entry }: { entry: { id: string; messaging: unknown[] }[] } = JSON.parse(body.toString())
  expect(entry.map(({ id, messaging }) => [id, messaging.length])).toEqual([
    ['1000', 2],
    ['1001', 1],
    ['1000', 1],
  ])
})

test('each array has an entry of its own', () => {
  const standby: WebhookEvent = { ...spoken, array: 'standby' }
  const change: WebhookEvent = { ...spoken, array: 'changes', item: { field: 'f', value: 1 } }
  const { entry } = JSON.parse(webhookBody([spoken, standby, change], TIME_MS).toString())
  expect(entry.map((one: object) => Object.keys(one))).toEqual([
    ['id', 'time', 'messaging'],
    ['id', 'time', 'standby'],
    ['id', 'time', 'changes'],
  ])
})
