import { appError, isAppError } from '@otn/kernel'
import type { HttpServer } from '@otn/runtime'
import type { FastifyReply, FastifyRequest } from 'fastify'
import fastifyRawBody from 'fastify-raw-body'
import type { HandshakeAnswer } from '../domain/handshake.ts'
import { readSignature, type SignatureHeaders } from '../domain/signature-header.ts'
import type { Answered, HandshakeRequest, WebhookRequest } from '../ports.ts'

/** What stands behind the webhook routes. */
export interface WebhookDoor {
  /** Whether webhooks of this app come here, by `/webhook/:appId`. */
  readonly serves: (appId: string) => boolean
  readonly onGet: (request: HandshakeRequest) => HandshakeAnswer
  /** Gives how many records are on the log for it. */
  readonly onPost: (request: WebhookRequest) => Promise<number>
  /** Why nothing is taken now, or null. Asked before the body is read. */
  readonly refusal: () => string | null
  /** Told of every posted webhook once its answer is out. */
  readonly onAnswered: (answered: Answered) => void
  /** Told of the scope before its routes are added; null = nobody is. */
  readonly onScope?: ((scope: HttpServer) => void) | null
}

const PATHS = ['/webhook', '/webhook/:appId'] as const
/** Exactly 200 is what the platform counts as received; the text is for people. */
const RECEIVED = 'received'

/**
 * Serves the webhook routes in a scope of their own: there the body of any content type stays the
 * bytes that came, because the signature was made over those.
 */
export async function serveWebhooks(app: HttpServer, door: WebhookDoor): Promise<void> {
  await app.register(async (scope) => {
    door.onScope?.(scope)
    // Before as well: the plugin sets a JSON parser of its own and takes none that is there.
    scope.removeAllContentTypeParsers()
    await scope.register(fastifyRawBody, { encoding: false, runFirst: true, global: false })
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
      done(null, body)
    })
    const seen: Seen = new WeakMap()
    watchAnswers(scope, { door, seen })
    for (const path of PATHS) {
      scope.get(path, { onRequest: requireApp(door) }, getRoute(door))
      scope.post(
        path,
        { onRequest: [requireApp(door), admit(door)], config: { rawBody: true } },
        postRoute(door, seen),
      )
    }
  })
}

function requireApp({ serves }: WebhookDoor) {
  return async (request: FastifyRequest): Promise<void> => {
    const appId = appIdOf(request)
    if (appId === null || serves(appId)) return
    const publicMessage = 'no app with this id is served here'
    throw appError('OTN_HTTP_NOT_FOUND', { message: 'another app id', publicMessage })
  }
}

/** The app that the path names; null where it names none. */
function appIdOf({ params }: FastifyRequest): string | null {
  return (params as { readonly appId?: string }).appId ?? null
}

/** Refuses before work is done; the platform sends the webhook again. */
function admit({ refusal }: WebhookDoor) {
  return async (request: FastifyRequest): Promise<void> => {
    // A content type nobody can parse is no reason to refuse what the platform signed.
    delete request.headers['content-type']
    const why = refusal()
    if (why !== null) {
      throw appError('OTN_HTTP_UNAVAILABLE', { message: why, publicMessage: why })
    }
  }
}

function getRoute({ onGet }: WebhookDoor) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<string> => {
    const query = request.query as Readonly<Record<string, unknown>>
    const answer = onGet({
      appId: appIdOf(request),
      mode: once(query['hub.mode']),
      verifyToken: once(query['hub.verify_token']),
      challenge: once(query['hub.challenge']),
    })
    reply.type('text/plain; charset=utf-8').header('x-content-type-options', 'nosniff')
    if (answer.outcome === 'accepted') return answer.challenge
    reply.code(answer.status)
    return answer.detail
  }
}

function once(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

/** What came of verified webhooks, until their answer is out. */
type Seen = WeakMap<FastifyRequest, Pick<Answered, 'pages' | 'records'>>
const NOTHING_SEEN = { pages: [], records: 0 } as const
const NOBODY = { ...NOTHING_SEEN, isSigned: false } as const

/** 408 for a head or a body that does not end: Node gives it, and no route hears of it. */
const TOO_SLOW = 'ERR_HTTP_REQUEST_TIMEOUT'

/** Nothing here stands before an answer: it is told of when it is out. */
function watchAnswers(
  scope: HttpServer,
  { door, seen }: { readonly door: WebhookDoor; readonly seen: Seen },
): void {
  const cut = new WeakSet<object>()
  scope.server.on('clientError', (error: NodeJS.ErrnoException, socket: object) => {
    if (error.code !== TOO_SLOW) return
    cut.add(socket)
    door.onAnswered({ status: 408, durationMs: 0, body: undefined, ...NOBODY })
  })
  scope.addHook('onResponse', async (request, reply) => {
    if (request.method !== 'POST' || cut.has(request.raw.socket)) return
    door.onAnswered({
      status: reply.statusCode,
      durationMs: reply.elapsedTime,
      body: Buffer.isBuffer(request.rawBody) ? request.rawBody : undefined,
      isSigned: readSignature(signaturesOf(request)).hex !== null,
      ...(seen.get(request) ?? NOTHING_SEEN),
    })
  })
}

function postRoute({ onPost }: WebhookDoor, seen: Seen) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<string> => {
    const { rawBody } = request
    const body = Buffer.isBuffer(rawBody) ? rawBody : undefined
    const headers = signaturesOf(request)
    try {
      const posted = { appId: appIdOf(request), headers, body }
      const records = await onPost({ ...posted, elapsedMs: () => reply.elapsedTime })
      seen.set(request, { pages: [], records })
    } catch (error) {
      if (isAppError(error) && Array.isArray(error.details.pages)) {
        seen.set(request, { pages: error.details.pages, records: 0 })
      }
      throw error
    }
    reply.type('text/plain; charset=utf-8').header('x-content-type-options', 'nosniff')
    return RECEIVED
  }
}

function signaturesOf({ headers }: FastifyRequest): SignatureHeaders {
  return {
    'x-hub-signature-256': text(headers['x-hub-signature-256']),
    'x-hub-signature': text(headers['x-hub-signature']),
  }
}

/** Node joins a header that came twice; as a list it would fit no signature either. */
function text(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'object' ? header.join(',') : header
}
