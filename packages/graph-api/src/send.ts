import { appError, type Secret } from '@otn/kernel'
import { Pool } from 'undici'
import { appSecretProof } from './appsecret-proof.ts'
import { Exchange } from './exchange.ts'
import { maskSecrets } from './mask-secrets.ts'
import type { GraphObservation } from './observation.ts'

/** All in ms. undici counts in steps of about half a second above one second. */
export interface GraphTimeouts {
  /** From the call of `send` to the first byte: waiting for a free connection, and connecting. */
  readonly startMs: number
  /** One connection, TLS included. */
  readonly connectMs: number
  /** From the request to the head of the answer. */
  readonly headersMs: number
  /** Between two parts of the body. */
  readonly bodyMs: number
  /** From the first byte of the request to the last of the answer. */
  readonly totalMs: number
  /** How long an idle connection is kept. */
  readonly keepAliveMs: number
}

/** Patience is cheap: a lost answer costs the settle window (120 s), above which none may last. */
export const graphTimeouts: GraphTimeouts = {
  startMs: 5_000,
  connectMs: 4_000,
  headersMs: 30_000,
  bodyMs: 10_000,
  totalMs: 45_000,
  keepAliveMs: 30_000,
}

export interface GraphClientOptions {
  /** `https://graph.facebook.com`, or a simulator: origin and, if need be, a path prefix. */
  readonly baseUrl: string
  /** Connections at most; one call at a time on each. */
  readonly connections: number
  readonly timeouts?: Partial<GraphTimeouts>
}

/** What may be asked of a page: to send, or to have or give up control of a thread. */
export type GraphEdge = 'messages' | 'request_thread_control' | 'release_thread_control'

export interface GraphSend {
  /** `v21.0`. */
  readonly version: string
  /** Default: messages. */
  readonly edge?: GraphEdge
  readonly pageAccessToken: Secret
  readonly appSecret: Secret
  /** JSON of the whole request body. */
  readonly body: Buffer | string
  /** What else must not come back in the observation: the one-time token, the person's id. */
  readonly masks?: readonly Secret[]
  /** What was said to the person: it must not come back in the texts of an answer. */
  readonly words?: readonly Secret[]
  /**
   * Asked once, right before the first byte may leave: false = nothing is sent. The place to look
   * at a lease, for a call may have waited for a connection.
   */
  readonly mayStart?: () => boolean
}

export interface GraphClient {
  /**
   * Makes one call and tells what was seen. No retry, no redirect, no second write.
   * @throws OTN_CONFIG_INVALID for a version that is none, before anything is sent; never for
   * anything the network does
   */
  send(call: GraphSend): Promise<GraphObservation>
  /** Refuses new calls and waits for those under way. */
  close(): Promise<void>
  /** Ends at once: calls under way are of unknown outcome. */
  destroy(): Promise<void>
}

const VERSION = /^v\d{1,3}\.\d{1,3}$/
/** What may stand in a header after `Bearer `: visible ASCII (RFC 6750, b64token, read widely). */
const HEADER_SAFE = /^[\x21-\x7e]+$/

/** Whether a text is a Graph API version, such as `v21.0`. */
export function isGraphVersion(text: string): boolean {
  return VERSION.test(text)
}

/**
 * A client of one Graph host. It connects to that host only, whatever an answer says.
 * @throws OTN_CONFIG_INVALID where `baseUrl` is no plain http or https address
 */
export function createGraphClient(options: GraphClientOptions): GraphClient {
  const base = readBaseUrl(options.baseUrl)
  const timeouts = { ...graphTimeouts, ...options.timeouts }
  const pool = new Pool(base.origin, {
    connections: options.connections,
    pipelining: 1,
    allowH2: false,
    connect: { timeout: timeouts.connectMs },
    headersTimeout: timeouts.headersMs,
    bodyTimeout: timeouts.bodyMs,
    keepAliveTimeout: timeouts.keepAliveMs,
  })
  return {
    send: async (call) => {
      if (!isGraphVersion(call.version)) throw invalid('version', 'is no version such as v21.0')
      if (!HEADER_SAFE.test(call.pageAccessToken.reveal())) {
        return { seen: 'not-sent', cause: 'page-token-invalid' }
      }
      return exchange({ pool, base, timeouts, call })
    },
    close: () => pool.close(),
    destroy: () => pool.destroy(),
  }
}

interface ExchangeInput {
  readonly pool: Pool
  readonly base: URL
  readonly timeouts: GraphTimeouts
  readonly call: GraphSend
}

function exchange({ pool, base, timeouts, call }: ExchangeInput): Promise<GraphObservation> {
  const proof = appSecretProof(call)
  const secrets = [call.pageAccessToken, call.appSecret, ...(call.masks ?? [])]
  const mask = maskSecrets([proof, ...secrets.map((secret) => secret.reveal())])
  const maskWords = maskSecrets((call.words ?? []).map((words) => words.reveal()))
  const prefix = base.pathname.replace(/\/+$/, '')
  return new Promise((settle) => {
    const handler = new Exchange({
      secure: base.protocol === 'https:',
      startMs: timeouts.startMs,
      totalMs: timeouts.totalMs,
      mayStart: call.mayStart ?? (() => true),
      ...{ mask, maskWords, settle },
    })
    pool.dispatch(
      {
        method: 'POST',
        path: `${prefix}/${call.version}/me/${call.edge ?? 'messages'}?appsecret_proof=${proof}`,
        headers: {
          authorization: `Bearer ${call.pageAccessToken.reveal()}`,
          'content-type': 'application/json',
          accept: 'application/json',
          'accept-encoding': 'identity',
        },
        body: call.body,
        idempotent: false,
      },
      handler,
    )
  })
}

function readBaseUrl(text: string): URL {
  if (!URL.canParse(text)) throw invalid('baseUrl', 'is no URL')
  const url = new URL(text)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw invalid('baseUrl', 'is neither http nor https')
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw invalid('baseUrl', 'has more than an origin and a path')
  }
  return url
}

/** The value itself stays out of the message: it may hold a credential. */
function invalid(field: string, fault: string): Error {
  return appError('OTN_CONFIG_INVALID', { message: `Graph client: ${field} ${fault}` })
}
