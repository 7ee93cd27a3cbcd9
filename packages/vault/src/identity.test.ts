import { createSecretKey } from 'node:crypto'
import { pageId, pageScopedUserId } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { createIdentity, pepperCheck } from './identity.ts'

const pepper = (text: string) => createSecretKey(Buffer.from(text))
const identity = createIdentity(pepper('test-pepper'))
const page = pageId('1000')

describe('identity', () => {
  test('the published vectors hold, so that any language derives the same ids', () => {
    expect(identity.person(page, pageScopedUserId('2000'))).toBe('sStxGmklUR7y9IbqqR-AlG')
    expect(identity.token(page, '4400000000000001')).toBe('19342fe8002e6df3cf684809ae863aef')
    expect(identity.account(page, 'customer-7')).toBe('8fe7ad189364b3061420647e42155ea1')
    expect(identity.event('OptInReceived', page, ['4400000000000001'])).toBe(
      '0a719c618eb4f863c1861cd8fb659235',
    )
  })

  test('one person is another pseudonym on another page, and under another pepper', () => {
    const psid = pageScopedUserId('2000')
    const here = identity.person(page, psid)
    expect(identity.person(pageId('1001'), psid)).not.toBe(here)
    expect(createIdentity(pepper('other')).person(page, psid)).not.toBe(here)
  })

  test('the check value tells two peppers apart', () => {
    expect(pepperCheck(pepper('a'))).not.toBe(pepperCheck(pepper('b')))
    expect(pepperCheck(pepper('a'))).toMatch(/^[0-9a-f]{32}$/)
  })
})
