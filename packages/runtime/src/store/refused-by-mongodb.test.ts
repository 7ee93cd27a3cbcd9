import { Secret } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { mongodbOptions } from '../settings/mongodb-options.ts'
import { noUsableAnswer, refusedByMongodb } from './refused-by-mongodb.ts'

const met = (inner: object) =>
  Object.assign(new Error('server selection'), {
    reason: { servers: new Map([['a:1', { error: Object.assign(new Error('x'), inner) }]]) },
  })

describe('an error of MongoDB', () => {
  test.each([
    ['a wrong password', { code: 18 }, 'MONGODB_PASSWORD'],
    ['nobody at all', { code: 13, message: 'command find requires authentication' }, 'give one'],
    ['a port without TLS', { code: 'ERR_SSL_WRONG_VERSION_NUMBER' }, 'speaks no TLS'],
    ['a foreign authority', { code: 'SELF_SIGNED_CERT_IN_CHAIN' }, 'MONGODB_TLS_CA_FILE'],
  ])('of %s names the setting, and no waiting helps', (_name, inner, said) => {
    const refused = refusedByMongodb(met(inner))
    expect(refused?.message).toContain(said)
    expect(refused?.retryable).toBe(false)
  })

  test('of a server that is away is none of them', () => {
    expect(refusedByMongodb(met({ code: 'ECONNREFUSED' }))).toBeNull()
  })

  test('of a service that runs is waited for, and a missing grant is named without its content', () => {
    const command = '{ insert: "pages", documents: [ { _id: "planted" } ], $db: "otn_pages" }'
    const message = `not authorized on otn_pages to execute command ${command}`
    const error = noUsableAnswer(Object.assign(new Error(message), { code: 13 }))
    expect(error).toMatchObject({ code: 'OTN_STORE_UNREACHABLE', retryable: true })
    expect(error.message).toMatch(/this user may not insert in otn_pages\.pages; grant it/)
    expect(error.message).not.toContain('planted')
    const away = noUsableAnswer(Object.assign(new Error('x'), { name: 'MongoNetworkError' }))
    expect(away.message).toBe('MongoDB gave no usable answer (MongoNetworkError)')
  })
})

test('MongoDB is spoken to by TLS and as a user where the settings say so', () => {
  const none = { mongodbTlsCaFile: null, mongodbUsername: null, mongodbPassword: new Secret('p') }
  expect(mongodbOptions(none)).toEqual({})
  expect(mongodbOptions({ ...none, mongodbTlsCaFile: '/ca', mongodbUsername: 'u' })).toEqual({
    ...{ tls: true, tlsCAFile: '/ca' },
    auth: { username: 'u', password: 'p' },
  })
})
