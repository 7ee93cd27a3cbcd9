/**
 * The one place that tells a refusal from an outage: what MongoDB, or our own look at its
 * certificate, refuses is refused again until somebody mends a setting or a role.
 */
import { type AppError, appError } from '@otn/kernel'

const AUTHENTICATION_FAILED = 18
const UNAUTHORIZED = 13
/** What OpenSSL and Node call a certificate that nobody we trust has signed, or of another host. */
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|self.signed|unable to (?:get|verify)/
const NOT_TLS = /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG/
/** The names of what was wanted; what stands behind them in the text may be of a person. */
const DENIED = /^not authorized on (\S+) to execute command \{ (\w+): (?:"([\w.-]+)")?/

/**
 * What MongoDB, or our own look at its certificate, refuses: waiting does not help, a setting does.
 * @returns OTN_CONFIG_INVALID with a sentence that names the setting; null for any other error
 */
export function refusedByMongodb(error: unknown): AppError | null {
  const message = sentenceOf(error)
  return message === null ? null : appError('OTN_CONFIG_INVALID', { message, cause: error })
}

/**
 * What a failure of MongoDB means to a service that runs, a refusal included: somebody may mend it
 * at MongoDB while it waits. @returns OTN_STORE_UNREACHABLE (retryable), which names a refusal
 */
export function noUsableAnswer(cause: Error): AppError {
  const message = sentenceOf(cause) ?? `MongoDB gave no usable answer (${cause.name})`
  return appError('OTN_STORE_UNREACHABLE', { message, cause })
}

/** What is refused and the next step; null where it is no refusal. */
function sentenceOf(error: unknown): string | null {
  for (const { code, message = '' } of causesOf(error)) {
    const said = `${String(code)} ${message}`
    if (code === AUTHENTICATION_FAILED) return NOT_KNOWN
    if (code === UNAUTHORIZED) return notAllowed(message)
    if (CERTIFICATE.test(said)) return NOT_TRUSTED
    if (NOT_TLS.test(said)) return 'MONGODB_TLS_CA_FILE: MongoDB speaks no TLS at this port'
  }
  return null
}

const NEXT = 'docs/engine-security.md has the role of each service'
const NOT_KNOWN =
  'MONGODB_USERNAME, MONGODB_PASSWORD: MongoDB refuses them; give what it knows, and in ' +
  'MONGODB_URI the authSource where the user is not in admin'
const NOT_TRUSTED =
  'MONGODB_TLS_CA_FILE: MongoDB shows a certificate of another authority or for another host; ' +
  'give the file of the authority that signed it'

function notAllowed(message: string): string {
  const [, database, command, collection] = DENIED.exec(message) ?? []
  if (database === undefined) {
    return `MONGODB_USERNAME: MongoDB lets nobody in without a user; give one (${NEXT})`
  }
  const where = collection === undefined ? database : `${database}.${collection}`
  return `MONGODB_USERNAME: this user may not ${command} in ${where}; grant it (${NEXT})`
}

interface Cause {
  readonly code?: unknown
  readonly message?: string
}

/** The driver wraps what a connection met: in causes, and in what it knows of each server. */
function* causesOf(error: unknown, depth = 5): Iterable<Cause> {
  if (!(error instanceof Error) || depth === 0) return
  yield error
  yield* causesOf(error.cause, depth - 1)
  const { reason }: { readonly reason?: { readonly servers?: unknown } } = error as never
  if (reason?.servers instanceof Map) {
    for (const { error: met } of reason.servers.values()) yield* causesOf(met, depth - 1)
  }
}
