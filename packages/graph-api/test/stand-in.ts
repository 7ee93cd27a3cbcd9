import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'

/** A server on a free loopback port that stands in for the Graph host. */
export interface StandIn extends AsyncDisposable {
  readonly url: string
  readonly port: number
  /** Connections that were opened so far. */
  connections(): number
}

/** Speaks HTTP properly. */
export function httpStandIn(answer: RequestListener): Promise<StandIn> {
  return listening(createHttpServer(answer))
}

/** Does with each connection what the test says. */
export function tcpStandIn(onConnection: (socket: Socket) => void): Promise<StandIn> {
  return listening(createServer(onConnection))
}

/** An address where nobody listens. */
export async function deadUrl(): Promise<string> {
  await using server = await tcpStandIn(() => {})
  return server.url
}

async function listening(server: Server): Promise<StandIn> {
  const open = new Set<Socket>()
  let connections = 0
  server.on('connection', (socket: Socket) => {
    connections += 1
    open.add(socket)
    socket.on('error', () => {}).on('close', () => open.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    connections: () => connections,
    [Symbol.asyncDispose]: async () => {
      for (const socket of open) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
