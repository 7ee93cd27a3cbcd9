import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { APP_SECRET, appWith, sha1Header, sha256Header } from '../../test/samples.ts'
import { readSignature, type SignatureHeaders } from '../domain/signature-header.ts'
import { createAuthenticator } from './authenticator-hmac.ts'

const V1 = '{"object":"page","entry":[]}'
const V2 =
  '{"object":"page","entry":[{"id":"1000","time":1458692752478,"messaging":[{"sender":{"id":"2000"},"recipient":{"id":"1000"},"timestamp":1458692752478,"message":{"mid":"m_1","text":"\\u00e4\\u00f6\\u00e5 \\ud83d\\ude00 \\u003C\\u0040\\u0025\\/"}}]}]}'
const V3 =
  '{"object":"page","entry":[{"id":"1000","time":1458692752478,"messaging":[{"sender":{"id":"2000"},"recipient":{"id":"1000"},"timestamp":1458692752478,"optin":{"type":"one_time_notif_req","payload":"otn:7f3c","one_time_notif_token":"4400000000000001"}}]}]}'
const V2_SHA256 = 'd07b02f79ab58097137789ce1cf9f8d4d696400250d82fa1a8b909bbfea2b546'

const authenticator = createAuthenticator([appWith(APP_SECRET)])

function verifies(body: string | Uint8Array, headers: SignatureHeaders): boolean {
  const bytes = typeof body === 'string' ? Buffer.from(body, 'utf8') : body
  return authenticator.signedBy(bytes, readSignature(headers), null) !== null
}

const sha256 = (hex: string) => ({ 'x-hub-signature-256': `sha256=${hex}` })
const sha1 = (hex: string) => ({ 'x-hub-signature': `sha1=${hex}` })

describe('the signature of a webhook [S1-44]', () => {
  test.each([
    [
      'V1',
      V1,
      '1a82db3abc2fa71a3fffecfedef579a8468a44850cd8a83a0c56974faff81689',
      '8140dad690593c0a964005080d6c445e7921d6f3',
    ],
    ['V2', V2, V2_SHA256, '5641bd87da69d1aa95a3eaafdb7816daf6121587'],
    [
      'V3',
      V3,
      '25c366740f261820b2d246a2cb719f57a90cc601e686bbf66c8a355ccd7c3a75',
      'e3ab6961ce8e271a4084d4a6da24a39e40c2ab10',
    ],
  ])('vector %s verifies by either header', (_, body, strong, weak) => {
    expect(verifies(body, sha256(strong))).toBe(true)
    expect(verifies(body, sha1(weak))).toBe(true)
  })

  test('a body parsed and written again does not verify, with escapes or without', () => {
    const plain = JSON.stringify(JSON.parse(V2))
    const escaped = plain.replace(
      /[^\x20-\x7e]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
    expect([Buffer.byteLength(plain), escaped.length]).toEqual([203, 223])
    expect(verifies(plain, sha256(V2_SHA256))).toBe(false)
    expect(verifies(escaped, sha256(V2_SHA256))).toBe(false)
  })

  test('a right SHA-1 does not help a wrong SHA-256', () => {
    const weak = { 'x-hub-signature': sha1Header(Buffer.from(V1)) }
    expect(verifies(V1, { ...sha256('0'.repeat(64)), ...weak })).toBe(false)
    expect(verifies(V1, { 'x-hub-signature-256': '', ...weak })).toBe(false)
  })

  test('while a secret is rotated the new and the old one count, a third does not', () => {
    const rotating = createAuthenticator([appWith('new-secret', APP_SECRET)])
    const by = (secret: string) => {
      const claim = readSignature({ 'x-hub-signature-256': sha256Header(Buffer.from(V1), secret) })
      return rotating.signedBy(Buffer.from(V1), claim, null)?.secret
    }
    expect(['new-secret', APP_SECRET, 'older'].map(by)).toEqual(['newest', 'older', undefined])
  })

  test('of one app proves nothing where the path names another [S1-04]', () => {
    const two = createAuthenticator([
      { ...appWith('secret-one'), appId: '1' },
      { ...appWith('secret-two'), appId: '2' },
    ])
    const claim = readSignature({
      'x-hub-signature-256': sha256Header(Buffer.from(V1), 'secret-two'),
    })
    const through = (appId: string | null) => two.signedBy(Buffer.from(V1), claim, appId)?.appId
    expect(['1', '2', '3', null].map(through)).toEqual([undefined, '2', undefined, '2'])
  })

  test('a digest of zeros claimed by nobody is not taken for an answer', () => {
    expect(verifies(V1, {})).toBe(false)
    expect(createAuthenticator([]).signedBy(Buffer.from(V1), readSignature({}), null)).toBeNull()
  })

  test.each([{}, { 'x-hub-signature-256': 'sha256=ab' }, { 'x-hub-signature': '' }])(
    'of no shape costs no HMAC over the body: %o',
    (headers) => {
      // Any look at it would throw.
      const body = null as unknown as Buffer
      expect(authenticator.signedBy(body, readSignature(headers), null)).toBeNull()
    },
  )

  test('the digest that names a body is SHA-256 in lower-case hex, as FIPS 180 has it', () => {
    const digest = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
    expect(authenticator.digest(Buffer.from('abc'))).toBe(digest)
  })

  test('no mutation of body or header among 10,000 is accepted', () => {
    const body = Buffer.from(V3)
    const header = sha256Header(body)
    const change = fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 }))
    let accepted = 0
    fc.assert(
      fc.property(fc.boolean(), change, (ofBody, [position, by]) => {
        const bytes = ofBody ? Buffer.from(body) : Buffer.from(header, 'latin1')
        const at = position % bytes.length
        bytes[at] = (bytes[at] ?? 0) ^ by
        const isTaken = ofBody
          ? verifies(bytes, { 'x-hub-signature-256': header })
          : verifies(body, { 'x-hub-signature-256': bytes.toString('latin1') })
        if (isTaken) accepted += 1
      }),
      { numRuns: 10_000 },
    )
    expect(accepted).toBe(0)
    expect(verifies(body, { 'x-hub-signature-256': header })).toBe(true)
  })
})
