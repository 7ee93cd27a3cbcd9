import { describe, expect, test } from 'vitest'
import { isRetriableCrash } from './consume/is-retriable-crash.ts'
import { refusedByKafka } from './refused-by-kafka.ts'

/** As kafkajs wraps what it met: in the error that ends its retries. */
function met(inner: object, message = 'secret-of-somebody') {
  const cause = Object.assign(new Error(message), inner)
  return Object.assign(new Error('gave up', { cause }), { name: 'KafkaJSNonRetriableError' })
}

const login = { name: 'KafkaJSSASLAuthenticationError' }
const topics = ['p.otn.optin.events.v1']

describe('a refusal of Kafka', () => {
  test.each([
    ['a foreign authority', met({ code: 'SELF_SIGNED_CERT_IN_CHAIN' }), /^KAFKA_SSL_CA_FILE: /],
    ['another host', met({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' }), /^KAFKA_SSL_CA_FILE: /],
    [
      'no certificate of ours',
      met({ code: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED' }),
      /^KAFKA_SSL_CERT_FILE: /,
    ],
    ['a port without TLS', met({ code: 'ERR_SSL_WRONG_VERSION_NUMBER' }), /^KAFKA_SSL: /],
    ['a wrong password', met(login), /^KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD: /],
    [
      'a mechanism that is off',
      met(login, 'SASL PLAIN mechanism is not supported by the server'),
      /^KAFKA_SASL_MECHANISM: /,
    ],
  ])('for %s names the setting and repeats nothing of the error', (_name, error, said) => {
    const refusal = refusedByKafka(error)
    expect(refusal).toEqual({ kind: 'setting', sentence: expect.stringMatching(said) })
    expect(refusal?.sentence).not.toContain('secret-of-somebody')
  })

  test.each([
    ['TOPIC', { topics }, /optin\.events\.v1: .* look at it; grant Describe and DescribeConfigs/],
    ['TOPIC', { topics, does: 'write' }, /optin\.events\.v1: .* not write it; grant Write/],
    ['TOPIC', { topics, does: 'read', group: 'p.g' }, /^Kafka topic p\.otn.* grant Read/],
    ['GROUP', { topics, does: 'read', group: 'p.g' }, /^Kafka group p\.g: .* grant Read/],
    ['CLUSTER', {}, /grant Write/],
  ] as const)('of a %s says what was tried (%j) and what to grant', (what, tried, said) => {
    const refusal = refusedByKafka(met({ type: `${what}_AUTHORIZATION_FAILED` }), tried)
    expect(refusal).toEqual({ kind: 'grant', sentence: expect.stringMatching(said) })
  })

  test('names the one Kafka topic of several where the error does', () => {
    const error = met({ type: 'TOPIC_AUTHORIZATION_FAILED', topic: 'p.b' })
    const refusal = refusedByKafka(error, { topics: ['p.a', 'p.b'], does: 'read' })
    expect(refusal?.sentence).toMatch(/^Kafka topic p\.b: our user may not read it/)
  })

  test('is no outage, and an outage is none', () => {
    expect(refusedByKafka(met({ code: 'ECONNREFUSED' }))).toBeNull()
    for (const broke of [
      'Closed connection',
      'Request SaslAuthenticate timed out',
      'read ECONNRESET',
    ]) {
      const error = met(login, `SASL SCRAM SHA512 authentication failed: ${broke}`)
      expect([refusedByKafka(error), isRetriableCrash(error)]).toEqual([null, true])
    }
    expect(isRetriableCrash(met(login, 'SASL PLAIN authentication failed: wrong'))).toBe(false)
    expect(refusedByKafka(met({ type: 'NOT_LEADER_FOR_PARTITION' }))).toBeNull()
    expect(refusedByKafka('not even an error')).toBeNull()
  })
})
