/**
 * Room for whoever is quick. Turning the newest connection away, as a plain limit does, would let
 * a few thousand slow ones keep the platform out: here the oldest that has nothing to show goes.
 */
import type { Socket } from 'node:net'
import type { HttpServer } from '@otn/runtime'
import type { FastifyRequest } from 'fastify'
import type { Room } from '../ports.ts'

export interface RoomLimits {
  /** Open at a time. */
  readonly connectionsMax: number
  /** Of bodies that are on their way, as announced; the sum over all connections. */
  readonly receivingBytesMax: number
  /** What a body counts that does not say how long it is. */
  readonly bodyBytesMax: number
}

/** No request is answered later than this; who has not read its answer by then may be cut too. */
const IN_HAND_MS_MAX = 60_000

/**
 * Watches the connections of a server that has no routes yet. Cut is, oldest first, who never had
 * a webhook answered 200 and has no whole request here; then who had, and is idle. A request that
 * has arrived whole is always answered. Where bytes are short, the largest body goes first.
 * @param onCut told of every connection that is cut for others
 */
export function makeRoom(app: HttpServer, limits: RoomLimits, onCut: () => void): Room {
  const connections = new Connections(limits, onCut)
  // Node's own limit would turn away the newest.
  app.server.maxConnections = Number.POSITIVE_INFINITY
  app.server.on('connection', (socket: Socket) => connections.add(socket))
  app.addHook('onRequest', async (request) => {
    connections.announced(request, announcedBytes(request, limits))
  })
  app.addHook('preHandler', async (request) => connections.arrived(request))
  app.addHook('onResponse', async (request, reply) => {
    const isProof = request.method === 'POST' && reply.statusCode === 200
    connections.answered(request, isProof)
  })
  return { connections: () => connections.size, receivingBytes: () => connections.receivingBytes }
}

const socketOf = ({ raw }: FastifyRequest): Socket => raw.socket

function announcedBytes({ headers }: FastifyRequest, { bodyBytesMax }: RoomLimits): number {
  if (headers['transfer-encoding'] !== undefined) return bodyBytesMax
  // Above the limit it is refused by its head alone.
  return Math.min(Number(headers['content-length'] ?? 0), bodyBytesMax)
}

/** A connection; several requests of one may be under way, where the client does not wait. */
interface Held {
  /** Bytes that requests announced and have not brought whole. */
  readonly receiving: Map<FastifyRequest, number>
  readonly inHand: Set<FastifyRequest>
  /** Since when a whole request is here, machine time. */
  busySinceMs: number
  /** Only who has an app secret gets a 200. */
  isProven: boolean
  among: Map<Socket, Held>
}

/** Oldest first, by when each last had a whole request here. */
class Connections {
  readonly #limits: RoomLimits
  readonly #onCut: () => void
  readonly #held = new Map<Socket, Held>()
  readonly #strangers = new Map<Socket, Held>()
  readonly #known = new Map<Socket, Held>()
  readonly #busy = new Map<Socket, Held>()
  receivingBytes = 0

  constructor(limits: RoomLimits, onCut: () => void) {
    this.#limits = limits
    this.#onCut = onCut
  }

  get size(): number {
    return this.#held.size
  }

  add(socket: Socket): void {
    const nothing = { receiving: new Map(), inHand: new Set<FastifyRequest>(), busySinceMs: 0 }
    const held = { ...nothing, isProven: false, among: this.#strangers }
    this.#held.set(socket, held)
    held.among.set(socket, held)
    socket.once('close', () => this.#forget(socket))
    if (this.size > this.#limits.connectionsMax) this.#cut(this.#oldest() ?? this.#stuck())
  }

  /** The head of a request is here. */
  announced(request: FastifyRequest, bytes: number): void {
    const held = this.#held.get(socketOf(request))
    if (held === undefined || bytes === 0) return
    held.receiving.set(request, bytes)
    this.receivingBytes += bytes
    while (this.receivingBytes > this.#limits.receivingBytesMax) {
      if (!this.#cut(this.#largest())) return
    }
  }

  /** The whole of it is here. */
  arrived(request: FastifyRequest): void {
    const socket = socketOf(request)
    const held = this.#held.get(socket)
    if (held === undefined) return
    this.#received(held, request)
    if (held.inHand.size === 0) held.busySinceMs = performance.now()
    held.inHand.add(request)
    this.#move(socket, held, this.#busy)
  }

  answered(request: FastifyRequest, isProof: boolean): void {
    const socket = socketOf(request)
    const held = this.#held.get(socket)
    if (held === undefined) return
    // One that was refused by its head alone brings nothing more.
    this.#received(held, request)
    // And has shown nothing.
    if (!held.inHand.delete(request) || held.inHand.size > 0) return
    held.isProven ||= isProof
    this.#move(socket, held, held.isProven ? this.#known : this.#strangers)
  }

  #received({ receiving }: Held, request: FastifyRequest): void {
    this.receivingBytes -= receiving.get(request) ?? 0
    receiving.delete(request)
  }

  #move(socket: Socket, held: Held, to: Map<Socket, Held>): void {
    held.among.delete(socket)
    held.among = to
    to.set(socket, held)
  }

  #forget(socket: Socket): void {
    const held = this.#held.get(socket)
    if (held === undefined) return
    for (const request of held.receiving.keys()) this.#received(held, request)
    held.among.delete(socket)
    this.#held.delete(socket)
  }

  #oldest(): Socket | null {
    for (const among of [this.#strangers, this.#known]) {
      for (const socket of among.keys()) return socket
    }
    return null
  }

  /** Was answered, and does not read. */
  #stuck(): Socket | null {
    const beforeMs = performance.now() - IN_HAND_MS_MAX
    for (const [socket, { busySinceMs }] of this.#busy) if (busySinceMs < beforeMs) return socket
    return null
  }

  /** Of those without a whole request here. */
  #largest(): Socket | null {
    for (const among of [this.#strangers, this.#known]) {
      let found: { readonly socket: Socket; readonly bytes: number } | null = null
      for (const [socket, { receiving }] of among) {
        const bytes = Math.max(0, ...receiving.values())
        if (bytes > (found?.bytes ?? 0)) found = { socket, bytes }
      }
      if (found !== null) return found.socket
    }
    return null
  }

  #cut(socket: Socket | null): boolean {
    if (socket === null) return false
    this.#forget(socket)
    this.#onCut()
    socket.destroy()
    return true
  }
}
