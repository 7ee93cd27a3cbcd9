import { describe, expect, test } from 'vitest'
import { signatureOf, webhookBody } from './webhook-body.ts'

const tap = {
  pageId: '1000',
  psid: '2000',
  payload: 'otn:7f3c',
  token: '4400000000000001',
  timestampMs: 1_458_692_752_478,
}

describe('a webhook made by hand', () => {
  test('has the bytes and the signature of the known vector', () => {
    const body = webhookBody(tap)
    expect(body.length).toBe(254)
    expect(signatureOf(body, 'test-app-secret')).toBe(
      'sha256=25c366740f261820b2d246a2cb719f57a90cc601e686bbf66c8a355ccd7c3a75',
    )
  })

  test('is pure ASCII in the spelling of the platform, and still says the same', () => {
    const payload = '再入荷 😀 <a@b> 50%/2'
    const body = webhookBody({ ...tap, payload }).toString('latin1')
    expect(body).toContain('\\u518d\\u5165\\u8377 \\ud83d\\ude00 \\u003Ca\\u0040b> 50\\u0025\\/2')
    expect(JSON.parse(body).entry[0].messaging[0].optin.payload).toBe(payload)
  })
})
