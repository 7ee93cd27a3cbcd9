import { createServer, type Server, type Socket } from 'node:net'
import { freePort } from '@otn/engines'
import type { FateRule } from './kafka-faults.ts'
import { readRequestHead } from './kafka-frames.ts'
import type { Pace } from './paced-writer.ts'
import { type Flow, type ProxyConnection, proxyConnection } from './proxy-connection.ts'
import type { Reader, RequestFate } from './proxy-lanes.ts'

export interface FaultProxyOptions {
  /** host:port behind the proxy. */
  readonly target: string
  /** Where it listens; a free loopback port by default. */
  readonly port?: number
  /**
   * `kafka` lets {@link FaultProxy.setFates} see requests, `mongodb` lets
   * {@link FaultProxy.turnAway} see who opens a connection; default `bytes`.
   */
  readonly protocol?: 'bytes' | 'kafka' | 'mongodb'
}

/** A loopback TCP proxy that breaks what goes through it, and mends it again. */
export interface FaultProxy extends AsyncDisposable {
  readonly port: number
  /** host:port for clients. */
  readonly address: string
  /** Open connections. */
  connections(): number
  /** Cuts every open connection once; new ones are welcome. */
  cut(): void
  /** Cuts every open connection and turns new ones away, as a stopped server does. */
  refuse(): void
  /** Holds every byte back; `heal` sends them on. */
  stall(): void
  /** Loses every byte in silence, as a firewall does; `heal` cuts connections that lost some. */
  blackHole(): void
  /** Hands every byte on so much later, each way. */
  lag(ms: number): void
  /** Hands bytes on one by one, each in a packet of its own. */
  slice(): void
  /** Cuts, once, in the middle of a request: after so many more bytes of whichever clients. */
  cutAfter(bytes: number): void
  /**
   * Tells one side of every open connection that the other one has finished (FIN): it gets no byte
   * any more, and what it goes on sending arrives.
   */
  halfClose(side: 'client' | 'target'): void
  /**
   * Cuts the connections to MongoDB of whom it names and turns new ones away: members by the port
   * of their server, clients by null. The server must take test commands, else all are clients.
   */
  turnAway(isMeant: (opener: number | null) => boolean): void
  /** Ends all but fates. What lags is still late, and a half-closed connection stays so. */
  heal(): void
  /** Decides about every Kafka request from now on; `null` lets all pass. */
  setFates(rule: FateRule | null): void
  /** How many answers were kept from clients so far. */
  answersLost(): number
  /** How many bytes a black hole took so far. */
  bytesLost(): number
  /** How many connections `cutAfter` cut so far. */
  requestsCut(): number
  stop(): Promise<void>
}

/** What the proxy does now, and what it has done. */
interface State {
  flow: Flow | 'refuse'
  rule: FateRule | null
  /** Who is turned away. */
  isMeant: (opener: number | null) => boolean
  /** Bytes of clients until the cut; null = none is wanted. */
  untilCut: number | null
  readonly pace: Pace
  answersLost: number
  bytesLost: number
  requestsCut: number
  readonly open: Set<ProxyConnection>
  /** Requests so far, by api key. */
  readonly ordinals: Map<number, number>
}

const EVEN: Pace = { lagMs: 0, isSliced: false }

function whole(): Pick<State, 'flow' | 'isMeant' | 'untilCut'> {
  return { flow: 'forward', isMeant: () => false, untilCut: null }
}

/** Starts a proxy in front of a server. */
export async function faultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const port = options.port ?? (await freePort())
  const open = new Set<ProxyConnection>()
  const zero = { answersLost: 0, bytesLost: 0, requestsCut: 0, ordinals: new Map() }
  const state: State = { ...whole(), rule: null, pace: { ...EVEN }, open, ...zero }
  const server = createServer({ allowHalfOpen: true }, (client) => accept(client, options, state))
  await listen(server, port)

  const cut = (): void => {
    for (const connection of open) connection.cut()
  }
  const setFlow = (flow: Flow): void => {
    state.flow = flow
    for (const connection of open) connection.setFlow(flow)
  }
  const stop = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve))
    cut()
    await closed
  }
  return {
    port,
    address: `127.0.0.1:${port}`,
    connections: () => open.size,
    cut,
    refuse: () => {
      state.flow = 'refuse'
      cut()
    },
    stall: () => setFlow('stall'),
    blackHole: () => setFlow('black-hole'),
    lag: (ms) => {
      state.pace.lagMs = ms
    },
    slice: () => {
      state.pace.isSliced = true
    },
    cutAfter: (bytes) => {
      state.untilCut = bytes
    },
    halfClose: (side) => {
      for (const connection of open) connection.halfClose(side)
    },
    turnAway: (isMeant) => {
      state.isMeant = isMeant
      for (const connection of open) {
        const opener = connection.opener()
        if (opener !== undefined && isMeant(opener)) connection.cut()
      }
    },
    heal: () => {
      Object.assign(state, whole())
      Object.assign(state.pace, EVEN)
      setFlow('forward')
    },
    setFates: (rule) => {
      state.rule = rule
    },
    answersLost: () => state.answersLost,
    bytesLost: () => state.bytesLost,
    requestsCut: () => state.requestsCut,
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host: '127.0.0.1', port }, resolve)
  })
}

function accept(client: Socket, { target, protocol }: FaultProxyOptions, state: State): void {
  if (state.flow === 'refuse') {
    client.resetAndDestroy()
    return
  }
  const [host = '127.0.0.1', port] = target.split(':')
  const connection = proxyConnection({
    client,
    target: { host, port: Number(port) },
    flow: state.flow,
    pace: state.pace,
    reader: readerOf(protocol, state),
    passing: (bytes) => passing(bytes, state),
    onAnswerLost: () => {
      state.answersLost += 1
    },
    onBytesLost: (count) => {
      state.bytesLost += count
    },
    onClose: () => {
      state.open.delete(connection)
    },
  })
  state.open.add(connection)
}

function readerOf(protocol: FaultProxyOptions['protocol'], state: State): Reader | null {
  if (protocol === 'kafka') return { fateOf: (frame) => fateOf(frame, state) }
  return protocol === 'mongodb' ? { isWelcome: (opener) => !state.isMeant(opener) } : null
}

/** Null = all of them; else those before the cut, which happens once. */
function passing(bytes: number, state: State): number | null {
  const { untilCut } = state
  if (untilCut === null) return null
  const isReached = bytes >= untilCut
  state.untilCut = isReached ? null : untilCut - bytes
  if (isReached) state.requestsCut += 1
  return isReached ? untilCut : null
}

function fateOf(frame: Buffer, { ordinals, rule }: State): RequestFate {
  const head = readRequestHead(frame)
  const ordinal = (ordinals.get(head.apiKey) ?? 0) + 1
  ordinals.set(head.apiKey, ordinal)
  return { fate: rule?.({ ...head, ordinal }) ?? 'pass', correlationId: head.correlationId }
}
