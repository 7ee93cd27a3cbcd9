import { describe, expect, test } from 'vitest'
import { readSignature } from './signature-header.ts'

const HEX64 = 'a1'.repeat(32)
const HEX40 = 'b2'.repeat(20)

describe('the signature headers', () => {
  test('SHA-256 decides whenever it is there, also where it is misshapen [S1-44]', () => {
    const weak = { 'x-hub-signature': `sha1=${HEX40}` }
    expect(readSignature({ 'x-hub-signature-256': `sha256=${HEX64}`, ...weak })).toEqual({
      algorithm: 'sha256',
      hex: HEX64,
    })
    expect(readSignature({ 'x-hub-signature-256': '', ...weak }).hex).toBeNull()
  })

  test('SHA-1 counts where it is alone [S1-44]', () => {
    const claim = readSignature({ 'x-hub-signature': `sha1=${HEX40}` })
    expect(claim).toEqual({ algorithm: 'sha1', hex: HEX40 })
  })

  test('without a header it is SHA-256 that is missing', () => {
    expect(readSignature({})).toEqual({ algorithm: 'sha256', hex: null })
  })

  test.each([
    [{ 'x-hub-signature-256': HEX64 }],
    [{ 'x-hub-signature-256': `sha1=${HEX64}` }],
    [{ 'x-hub-signature-256': `sha256=${HEX64.slice(2)}` }],
    [{ 'x-hub-signature-256': `sha256=${HEX64}00` }],
    [{ 'x-hub-signature-256': `sha256=${HEX64.toUpperCase()}` }],
    [{ 'x-hub-signature-256': `sha256=${HEX64}\n` }],
    [{ 'x-hub-signature-256': `sha256=${'ä'.repeat(64)}` }],
    [{ 'x-hub-signature-256': `sha256=${HEX64}, sha256=${HEX64}` }],
    [{ 'x-hub-signature-256': `, sha256=${HEX64}` }],
    [{ 'x-hub-signature': `sha256=${HEX64}` }],
    [{ 'x-hub-signature': `sha1=${HEX40}00` }],
    [{ 'x-hub-signature': `, sha1=${HEX40}` }],
    [{ 'x-hub-signature': `sha1=${HEX40}, sha1=${HEX40}` }],
  ])('a header of another shape claims nothing: %j', (headers) => {
    expect(readSignature(headers).hex).toBeNull()
  })
})
