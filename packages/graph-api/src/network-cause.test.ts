import { describe, expect, test } from 'vitest'
import { notSentCause, unknownCause } from './network-cause.ts'

const error = (code: string, syscall?: string) =>
  Object.assign(new Error('fault'), syscall === undefined ? { code } : { code, syscall })

describe('what kept a request from being written', () => {
  test.each([
    ['refused', error('ECONNREFUSED', 'connect')],
    ['refused', new AggregateError([error('ECONNREFUSED', 'connect'), error('EHOSTUNREACH')])],
    ['dns', error('ENOTFOUND', 'getaddrinfo')],
    ['dns', error('EAI_AGAIN', 'getaddrinfo')],
    ['connect-timeout', error('ETIMEDOUT', 'connect')],
    ['connect-timeout', error('UND_ERR_CONNECT_TIMEOUT')],
    ['unreachable', error('EHOSTUNREACH', 'connect')],
    ['unreachable', error('ENETUNREACH', 'connect')],
    ['connect-failed', error('EADDRNOTAVAIL', 'connect')],
    ['connect-failed', null],
    ['connect-failed', 'fault'],
    ['closed', error('UND_ERR_DESTROYED')],
  ])('is named %s, with and without TLS', (cause, fault) => {
    expect(notSentCause(fault, true)).toBe(cause)
    expect(notSentCause(fault, false)).toBe(cause)
  })

  test.each(['CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'EPROTO', 'ECONNRESET'])(
    'after connecting is TLS where there is any: %s',
    (code) => {
      expect(notSentCause(error(code), true)).toBe('tls')
      expect(notSentCause(error(code), false)).toBe('connect-failed')
    },
  )
})

describe('what ended a request that may have been written', () => {
  test.each([
    ['reset', error('ECONNRESET', 'read'), false],
    ['reset', error('EPIPE', 'write'), false],
    ['cut', error('ECONNRESET', 'read'), true],
    ['cut', error('UND_ERR_RES_CONTENT_LENGTH_MISMATCH'), true],
    ['other', error('ECONNREFUSED', 'connect'), false],
    ['other', null, false],
  ])('is named %s', (cause, fault, headSeen) => {
    expect(unknownCause(fault, headSeen)).toBe(cause)
  })
})
