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

/**
 * Watches the connections of a server that has no routes yet. Cut is, oldest first, who never had
 * a webhook answered 200 and has no whole request here; then who had, and is idle. A request that
 * has arrived whole is always answered.
 * @param onCut told of every connection that is cut for others
 */
export function makeRoom(app: HttpServer, limits: RoomLimits, onCut: () => void): Room {
  const connections = new Connections(limits, onCut)
  // Node's own limit would turn away the newest.
  app.server.maxConnections = Number.POSITIVE_INFINITY
  app.server.on('connection', (socket: Socket) => connections.add(socket))
  app.addHook('onRequest', async (request) => {
    connections.announced(socketOf(request), announcedBytes(request, limits))
  })
  app.addHook('preHandler', async (request) => connections.arrived(socketOf(request)))
  app.addHook('onResponse', async (request, reply) => {
    const isProof = request.method === 'POST' && reply.statusCode === 200
    connections.answered(socketOf(request), isProof)
  })
  return { connections: () => connections.size, receivingBytes: () => connections.receivingBytes }
}

const socketOf = ({ raw }: FastifyRequest): Socket => raw.socket

function announcedBytes({ headers }: FastifyRequest, { bodyBytesMax }: RoomLimits): number {
  if (headers['transfer-encoding'] !== undefined) return bodyBytesMax
  // Above the limit it is refused by its head alone.
  return Math.min(Number(headers['content-length'] ?? 0), bodyBytesMax)
}

/** Oldest first, by when each last had a whole request here. */
class Connections {
  readonly #limits: RoomLimits
  readonly #onCut: () => void
  /** With the bytes that each announced and has not brought whole. */
  readonly #strangers = new Map<Socket, number>()
  /** Only who has an app secret gets a 200. */
  readonly #known = new Map<Socket, number>()
  readonly #busy = new Set<Socket>()
  readonly #proven = new WeakSet<Socket>()
  receivingBytes = 0

  constructor(limits: RoomLimits, onCut: () => void) {
    this.#limits = limits
    this.#onCut = onCut
  }

  get size(): number {
    return this.#strangers.size + this.#known.size + this.#busy.size
  }

  add(socket: Socket): void {
    this.#strangers.set(socket, 0)
    socket.once('close', () => this.#forget(socket))
    if (this.size > this.#limits.connectionsMax) this.#cut(() => true)
  }

  /** The head of a request is here. */
  announced(socket: Socket, bytes: number): void {
    const among = this.#amongOf(socket)
    if (among === null) return
    this.receivingBytes += bytes - (among.get(socket) ?? 0)
    among.set(socket, bytes)
    while (this.receivingBytes > this.#limits.receivingBytesMax) {
      if (!this.#cut((announced) => announced > 0)) return
    }
  }

  /** The whole of it is here. */
  arrived(socket: Socket): void {
    if (!this.#take(socket)) return
    this.#busy.add(socket)
  }

  answered(socket: Socket, isProof: boolean): void {
    // One that was refused before it was whole has shown nothing.
    if (!this.#busy.delete(socket) || socket.destroyed) return
    if (isProof) this.#proven.add(socket)
    const among = this.#proven.has(socket) ? this.#known : this.#strangers
    among.set(socket, 0)
  }

  #amongOf(socket: Socket): Map<Socket, number> | null {
    return [this.#strangers, this.#known].find((among) => among.has(socket)) ?? null
  }

  #take(socket: Socket): boolean {
    const among = this.#amongOf(socket)
    this.receivingBytes -= among?.get(socket) ?? 0
    return among?.delete(socket) ?? false
  }

  #forget(socket: Socket): void {
    this.#take(socket)
    this.#busy.delete(socket)
  }

  #cut(isMeant: (announced: number) => boolean): boolean {
    for (const among of [this.#strangers, this.#known]) {
      for (const [socket, announced] of among) {
        if (!isMeant(announced)) continue
        this.#take(socket)
        this.#onCut()
        socket.destroy()
        return true
      }
    }
    return false
  }
}
