/** One client connection through a fault proxy and its counterpart to the target. */
import { connect, type Socket } from 'node:net'
import { type Pace, type PacedWriter, pacedWriter } from './paced-writer.ts'
import { lanesOf, type Reader } from './proxy-lanes.ts'

/** `stall` keeps bytes back for later, `black-hole` loses them. */
export type Flow = 'forward' | 'stall' | 'black-hole'

export interface ProxyConnection {
  setFlow(flow: Flow): void
  /** Cuts both sides with a reset, as a vanished host's network does. */
  cut(): void
  /** Tells one side that the other one has finished. */
  halfClose(side: 'client' | 'target'): void
  /** The port of the member that opened it, null for a client; undefined = it has not said yet. */
  opener(): number | null | undefined
}

export interface ConnectionOptions {
  readonly client: Socket
  readonly target: { readonly host: string; readonly port: number }
  readonly flow: Flow
  readonly pace: Readonly<Pace>
  /** What is looked at on the way; null: bytes are bytes. */
  readonly reader: Reader | null
  /** How many of these bytes of the client may pass before it is cut; null = all. */
  readonly passing: (bytes: number) => number | null
  /** Told of every answer that was kept from the client. */
  readonly onAnswerLost: () => void
  /** Told of bytes that a black hole took. */
  readonly onBytesLost: (count: number) => void
  readonly onClose: () => void
}

/** Joins a client to the target. */
export function proxyConnection(options: ConnectionOptions): ProxyConnection {
  const { client, target, pace, onClose } = options
  const upstream = connect({ ...target, allowHalfOpen: true })
  let flow: Flow = 'forward'
  let hasHole = false
  let opener: number | null | undefined

  const cut = (): void => {
    client.resetAndDestroy()
    upstream.resetAndDestroy()
  }
  const mayRead = (): boolean => flow === 'forward'
  const toTarget = pacedWriter(upstream, client, { pace, mayRead })
  const toClient = pacedWriter(client, upstream, { pace, mayRead })
  const lanes = lanesOf(options.reader, {
    toTarget: cutting(toTarget, options.passing, { client, cut }),
    toClient: (chunk) => toClient.write(chunk),
    cut,
    onAnswerLost: options.onAnswerLost,
    onOpener: (who) => {
      opener = who
    },
  })
  const carry = (lane: (chunk: Buffer) => void) => (chunk: Buffer) => {
    if (flow !== 'black-hole') {
      lane(chunk)
      return
    }
    hasHole = true
    options.onBytesLost(chunk.length)
  }
  client.on('data', carry(lanes.toTarget))
  upstream.on('data', carry(lanes.toClient))
  for (const [from, to, way] of [
    [client, upstream, toTarget],
    [upstream, client, toClient],
  ] as const) {
    from.setNoDelay(true)
    from.on('end', () => way.end())
    from.on('error', () => to.destroy())
    from.on('close', () => to.destroy())
  }
  client.once('close', onClose)

  const setFlow = (next: Flow): void => {
    flow = next
    // Bytes are gone for good, so what follows could not be understood.
    if (next === 'forward' && hasHole) {
      cut()
      return
    }
    for (const socket of [client, upstream]) {
      if (next === 'stall') socket.pause()
      else socket.resume()
    }
  }
  setFlow(options.flow)
  return {
    setFlow,
    cut,
    halfClose: (side) => (side === 'client' ? toClient : toTarget).end(),
    opener: () => opener,
  }
}

/** Lets the bytes pass that may, and cuts the connection after them. */
function cutting(
  way: PacedWriter,
  passing: ConnectionOptions['passing'],
  { client, cut }: { readonly client: Socket; readonly cut: () => void },
): (chunk: Buffer) => void {
  return (chunk) => {
    const bytes = passing(chunk.length)
    if (bytes === null) {
      way.write(chunk)
      return
    }
    client.pause()
    way.write(chunk.subarray(0, bytes), cut)
  }
}
