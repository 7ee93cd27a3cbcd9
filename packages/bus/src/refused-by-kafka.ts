/**
 * The one place that tells a refusal from an outage: what Kafka, or our own look at its
 * certificate, refuses is refused again until somebody mends a setting or a grant.
 */

/** What was tried, as far as the one who tried it knows. */
export interface Tried {
  /** Full names of Kafka topics. */
  readonly topics?: readonly string[]
  readonly does?: 'read' | 'write'
  /** Full id. */
  readonly group?: string
}

export interface KafkaRefusal {
  /** `setting`: one of ours is wrong; `grant`: the cluster's administrator has to allow more. */
  readonly kind: 'setting' | 'grant'
  /** What is refused and the next step; names no secret. */
  readonly sentence: string
}

const NEXT = 'docs/engine-security.md has every grant'

/** The broker asks who we are and got no certificate, or one that it does not know. */
const CERTIFICATE_WANTED = /ALERT_(?:BAD_)?CERTIFICATE|ALERT_UNKNOWN_CA|ALERT_HANDSHAKE/
/** What OpenSSL and Node call a certificate that nobody we trust has signed, or of another host. */
const NOT_TRUSTED = /CERT|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY)/
const NOT_TLS = /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG/
const LOGIN = 'KafkaJSSASLAuthenticationError'
const LOGIN_ANSWERS: ReadonlySet<unknown> = new Set([
  'SASL_AUTHENTICATION_FAILED',
  'UNSUPPORTED_SASL_MECHANISM',
])

/** Looks through all causes of an error. @returns null where it is no refusal */
export function refusedByKafka(error: unknown, tried: Tried = {}): KafkaRefusal | null {
  for (let met = error; met instanceof Error; met = met.cause) {
    const { name, type, code, topic, message } = met as Error & Details
    const about = typeof topic === 'string' ? { ...tried, topics: [topic] } : tried
    const refusal = grantMissing(type, about) ?? settingWrong({ name, type, code, message })
    if (refusal !== null) return refusal
  }
  return null
}

/** What kafkajs hangs onto its errors; the topic by our repair. */
type Details = Partial<Record<'type' | 'code' | 'topic', unknown>>

function grantMissing(type: unknown, { topics, does, group }: Tried): KafkaRefusal | null {
  switch (type) {
    case 'TOPIC_AUTHORIZATION_FAILED': {
      const named = topics?.join(' or ') ?? 'some Kafka topic'
      const what = { read: 'Read', write: 'Write' }[does ?? 'read']
      const grant = does === undefined ? 'Describe and DescribeConfigs' : what
      const may = does ?? 'look at'
      return missing(`Kafka topic ${named}: our user may not ${may} it; grant ${grant}`)
    }
    case 'GROUP_AUTHORIZATION_FAILED': {
      const named = group ?? 'of ours'
      return missing(`Kafka group ${named}: our user may not join it; grant Read on the group`)
    }
    case 'CLUSTER_AUTHORIZATION_FAILED':
      return missing('Kafka: our user may write to no Kafka topic; grant Write on those it writes')
    default:
      return null
  }
}

function missing(sentence: string): KafkaRefusal {
  return { kind: 'grant', sentence: `${sentence} (${NEXT})` }
}

interface Met {
  readonly name: string
  readonly type: unknown
  readonly code: unknown
  readonly message: string
}

/**
 * kafkajs 2.2.4 calls whatever fails during a login an authentication error, with the message of
 * what it met: a connection that broke meanwhile is an outage.
 */
const BROKE = /closed connection|timed out|connection (?:error|timeout)|not connected|ECONN|EPIPE/i

/** A login that no answer refused: the connection broke in the middle of it. */
export function isBrokenLogin(error: unknown): boolean {
  return error instanceof Error && error.name === LOGIN && BROKE.test(error.message)
}

function settingWrong({ name, type, code, message }: Met): KafkaRefusal | null {
  if ((name === LOGIN && !BROKE.test(message)) || LOGIN_ANSWERS.has(type)) {
    return message.includes('mechanism is not supported') || type === 'UNSUPPORTED_SASL_MECHANISM'
      ? wrong('KAFKA_SASL_MECHANISM: the brokers do not take it; give one that they have enabled')
      : wrong('KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD: Kafka refuses them; give what it knows')
  }
  if (typeof code !== 'string') return null
  if (CERTIFICATE_WANTED.test(code)) {
    const next = 'give one that the brokers trust'
    return wrong(`KAFKA_SSL_CERT_FILE: Kafka does not take our certificate (${code}); ${next}`)
  }
  if (NOT_TRUSTED.test(code)) {
    const shown = `Kafka shows a certificate of another authority or for another host (${code})`
    const next = 'give the file of the authority that signed the brokers'
    return wrong(`KAFKA_SSL_CA_FILE: ${shown}; ${next}`)
  }
  if (NOT_TLS.test(code)) {
    return wrong('KAFKA_SSL: this port speaks no TLS; give KAFKA_BROKERS one that does')
  }
  return null
}

function wrong(sentence: string): KafkaRefusal {
  return { kind: 'setting', sentence }
}
