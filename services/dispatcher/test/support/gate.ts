/** A door before a server: shut, nobody reaches it, as if it did not run. */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface Gate extends AsyncDisposable {
  readonly url: string
  shut(): Promise<void>
  open(): Promise<void>
}

export async function startGate(target: string): Promise<Gate> {
  const { hostname: host, port: behind } = new URL(target)
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const there = connect(Number(behind), host)
    for (const [one, other] of [
      [client, there],
      [there, client],
    ] as const) {
      sockets.add(one)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
      one.pipe(other)
    }
  })
  const listen = async (at: number) => {
    server.listen(at, '127.0.0.1')
    await once(server, 'listening')
  }
  await listen(0)
  const { port } = server.address() as AddressInfo
  const shut = async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    for (const socket of sockets) socket.destroy()
    await closed
  }
  return {
    url: `http://127.0.0.1:${port}`,
    shut,
    open: () => listen(port),
    [Symbol.asyncDispose]: async () => {
      if (server.listening) await shut()
    },
  }
}
