/** How an engine is closed to strangers. Certificates and names are the caller's. */

/** A second listener of each broker, and what it lets in. */
export interface KafkaSecurity {
  /** PEM: what the brokers show, and its key in PKCS #8. */
  readonly certificate: string
  readonly key: string
  /** Known to SCRAM-SHA-512; allowed nothing until ACLs say so. */
  readonly users: readonly { readonly username: string; readonly password: string }[]
}

/** Every connection by TLS and as a user. */
export interface MongodbSecurity {
  /** PEM file: what mongod shows and its key, one after the other. */
  readonly certificateFile: string
  readonly caFile: string
  /** What members know each other by, base64; also in a file that nobody else may read. */
  readonly key: string
  readonly keyFile: string
}

const LISTENER = 'listener.name.secured'

/**
 * Settings of brokers whose listener SECURED takes users by TLS and SCRAM-SHA-512. Who comes by
 * another listener may do everything: tests make ACLs there, and brokers meet each other.
 */
export function kafkaSecurity({ certificate, key }: KafkaSecurity): Record<string, string> {
  return {
    [`${LISTENER}.ssl.keystore.type`]: 'PEM',
    [`${LISTENER}.ssl.keystore.certificate.chain`]: certificate,
    [`${LISTENER}.ssl.keystore.key`]: key,
    [`${LISTENER}.sasl.enabled.mechanisms`]: 'SCRAM-SHA-512',
    [`${LISTENER}.scram-sha-512.sasl.jaas.config`]:
      'org.apache.kafka.common.security.scram.ScramLoginModule required;',
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users': 'User:ANONYMOUS',
  }
}

/** Arguments of Kafka's format that make the users: the log of a new cluster begins with them. */
export function scramUsers({ users }: KafkaSecurity): string[] {
  return users.flatMap(({ username, password }) => [
    '--add-scram',
    `SCRAM-SHA-512=[name=${username},password=${password}]`,
  ])
}

/** Arguments of mongod. */
export function mongodSecurity({ certificateFile, caFile, keyFile }: MongodbSecurity): string[] {
  return [
    ...['--tlsMode', 'requireTLS', '--tlsCertificateKeyFile', certificateFile],
    // A user proves itself by its password.
    ...['--tlsCAFile', caFile, '--tlsAllowConnectionsWithoutCertificates'],
    ...['--auth', '--keyFile', keyFile],
  ]
}

/** What an address must carry to come in as the set itself, before there is any user. */
export function asTheSet({ key, caFile }: MongodbSecurity): {
  readonly login: string
  readonly options: string
} {
  const options =
    `&tls=true&tlsCAFile=${encodeURIComponent(caFile)}` +
    '&authSource=local&authMechanism=SCRAM-SHA-256'
  return { login: `__system:${encodeURIComponent(key)}@`, options }
}
