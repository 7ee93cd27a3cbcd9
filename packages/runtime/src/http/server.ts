import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import {
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod'
import type { Log } from '../telemetry/log.ts'
import { answerErrors } from './answer-errors.ts'
import { closeGracefully } from './close-gracefully.ts'
import { parseJsonBodies } from './parse-json-bodies.ts'

export interface HttpLimits {
  /** Whole request, head and body, must arrive within this time. */
  readonly requestTimeoutMs: number
  readonly bodyBytesMax: number
  readonly connectionsMax: number
  /** The head must arrive within this time; 2 s where it is not given, never above the whole. */
  readonly headersTimeoutMs?: number
  /** How often late requests are looked for; 500 ms where it is not given. */
  readonly connectionsCheckMs?: number
}

export type HttpServer = FastifyInstance

/** `app.withTypeProvider<ZodTypeProvider>()` gives a route the types of its own schemas. */
export type { ZodTypeProvider }

/** Limits for routes that people and services call. */
export const defaultHttpLimits: HttpLimits = {
  requestTimeoutMs: 10_000,
  bodyBytesMax: 1024 * 1024,
  connectionsMax: 2_000,
}

const HEADERS_TIMEOUT_MS = 2_000
/** How often Node looks for late connections; its default of 30 s would make the limits void. */
const CONNECTIONS_CHECK_MS = 500
const HEADER_BYTES_MAX = 16 * 1024
const KEEP_ALIVE_MS = 20_000
const REQUESTS_PER_SOCKET_MAX = 10_000

/**
 * A Fastify server with every limit set (by default a slow body may stay open for ever, and a deep
 * one blocks all others), problem documents for errors, zod schemas, and a close that neither hangs
 * nor cuts a request in flight.
 */
export function createHttpServer(options: {
  readonly log: Log
  readonly limits?: HttpLimits
}): HttpServer {
  const limits = options.limits ?? defaultHttpLimits
  const app = fastify({
    loggerInstance: options.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    bodyLimit: limits.bodyBytesMax,
    maxRequestsPerSocket: REQUESTS_PER_SOCKET_MAX,
    routerOptions: { maxParamLength: 256 },
    http: {
      headersTimeout: Math.min(
        limits.headersTimeoutMs ?? HEADERS_TIMEOUT_MS,
        limits.requestTimeoutMs,
      ),
      connectionsCheckingInterval: limits.connectionsCheckMs ?? CONNECTIONS_CHECK_MS,
      maxHeaderSize: HEADER_BYTES_MAX,
    },
  })
  app.server.maxConnections = limits.connectionsMax
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  answerErrors(app)
  parseJsonBodies(app)
  closeGracefully(app)
  return app.withTypeProvider<ZodTypeProvider>() as unknown as HttpServer
}
