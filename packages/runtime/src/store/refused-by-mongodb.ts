import { type AppError, appError } from '@otn/kernel'

const AUTHENTICATION_FAILED = 18
const UNAUTHORIZED = 13
/** What OpenSSL and Node call a certificate that nobody we trust has signed, or of another host. */
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|self.signed|unable to (?:get|verify)/

/**
 * What MongoDB, or our own look at its certificate, refuses: waiting does not help, a setting does.
 * @returns OTN_CONFIG_INVALID with a sentence that names the setting; null for any other error
 */
export function refusedByMongodb(error: unknown): AppError | null {
  for (const cause of causesOf(error)) {
    const { code, message = '' } = cause
    const said = `${String(code)} ${message}`
    if (code === AUTHENTICATION_FAILED) {
      return refused('MONGODB_USERNAME, MONGODB_PASSWORD: MongoDB refuses them', error)
    }
    if (code === UNAUTHORIZED) return refused(NO_ROLE, error)
    if (CERTIFICATE.test(said)) return refused(NOT_TRUSTED, error)
  }
  return null
}

const NO_ROLE = 'MONGODB_USERNAME: this user may not do what the service does in its database'
const NOT_TRUSTED =
  'MONGODB_TLS_CA_FILE: MongoDB shows a certificate of another authority or for another host'

function refused(message: string, cause: unknown): AppError {
  return appError('OTN_CONFIG_INVALID', { message, cause })
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
