/** Webhooks as the platform would send them, and how it signs them. */
import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Secret } from '@otn/kernel'

export const APP_SECRET = 'test-app-secret'
/** An app with these secrets, newest first. */
export const appWith = (...secrets: readonly string[]) => ({
  appId: '77',
  appSecrets: secrets.map((secret) => new Secret(secret)),
  verifyTokens: [],
})
export const PAGE = '1000'
export const PSID = '2000'
export const TOKEN = '4400000000000001'
export const SENT_AT = 1_458_692_752_478

export interface Item {
  readonly [member: string]: unknown
}

/** An item of `messaging[]` from one person to one page. */
export function item(
  members: Item,
  { page = PAGE, psid = PSID }: { readonly page?: unknown; readonly psid?: unknown } = {},
): Item {
  return { sender: { id: psid }, recipient: { id: page }, timestamp: SENT_AT, ...members }
}

/** A tap on Notify Me. */
export function optIn(members: Item = {}, of?: Parameters<typeof item>[1]): Item {
  const base = {
    type: 'one_time_notif_req',
    payload: 'otn1:restock-1:c7',
    one_time_notif_token: TOKEN,
  }
  return item({ optin: { ...base, ...members } }, of)
}

export function entry(messaging: readonly unknown[], page: unknown = PAGE): Item {
  return { id: page, time: SENT_AT, messaging }
}

export function webhook(...entries: readonly unknown[]): Item {
  return { object: 'page', entry: entries }
}

/** The platform's wire form: ASCII, lower-case escapes, and four characters escaped besides. */
export function wire(json: unknown): Buffer {
  const escaped = JSON.stringify(json)
    .replaceAll('/', '\\/')
    .replaceAll('<', '\\u003C')
    .replaceAll('@', '\\u0040')
    .replaceAll('%', '\\u0025')
    .replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return Buffer.from(escaped, 'ascii')
}

export function sha256Header(body: Uint8Array, secret = APP_SECRET): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
}

export function sha1Header(body: Uint8Array, secret = APP_SECRET): string {
  return `sha1=${createHmac('sha1', secret).update(body).digest('hex')}`
}

/** A file of test/fixtures/webhooks, by its bytes. */
export function fixture(name: string): Buffer {
  return readFileSync(new URL(`./fixtures/webhooks/${name}`, import.meta.url))
}
