import { Secret } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { mongodbOptions } from '../settings/mongodb-options.ts'
import { refusedByMongodb } from './refused-by-mongodb.ts'

const met = (inner: object) =>
  Object.assign(new Error('server selection'), {
    reason: { servers: new Map([['a:1', { error: Object.assign(new Error('x'), inner) }]]) },
  })

describe('an error of MongoDB', () => {
  test.each([
    ['a wrong password', { code: 18 }, 'MONGODB_PASSWORD'],
    ['a missing role', { code: 13 }, 'may not do'],
    ['a foreign authority', { code: 'SELF_SIGNED_CERT_IN_CHAIN' }, 'MONGODB_TLS_CA_FILE'],
  ])('of %s names the setting, and no waiting helps', (_name, inner, said) => {
    const refused = refusedByMongodb(met(inner))
    expect(refused?.message).toContain(said)
    expect(refused?.retryable).toBe(false)
  })

  test('of a server that is away is none of them', () => {
    expect(refusedByMongodb(met({ code: 'ECONNREFUSED' }))).toBeNull()
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
