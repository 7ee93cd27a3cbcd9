/** A callback that keeps what it was sent, byte for byte, and answers as it is told to. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

export interface ReceivedPost {
  readonly body: Buffer
  readonly headers: IncomingMessage['headers']
}

export interface Receiver {
  readonly url: string
  readonly posts: readonly ReceivedPost[]
  readonly handshakes: readonly URL[]
  readonly handshakeHeaders: readonly IncomingMessage['headers'][]
  /** The answer to every post from now on; null = the connection is cut. */
  answerWith(status: number | null | 'never'): void
  /** The answer to every handshake from now on; the challenge when absent. */
  echo(text: string): void
  /** Items of `messaging`, of all bodies so far, in the order they came. */
  items(): readonly Item[]
  /** Resolves once so many posts have come. */
  came(count: number): Promise<void>
  close(): Promise<void>
}

export type Item = Readonly<Record<string, unknown>>

interface Body {
  readonly entry: readonly { readonly messaging: readonly Item[] }[]
}

export async function startReceiver(): Promise<Receiver> {
  const posts: ReceivedPost[] = []
  const handshakes: URL[] = []
  const handshakeHeaders: IncomingMessage['headers'][] = []
  const waiting = new Set<() => void>()
  let status: number | null | 'never' = 200
  let echoed: string | null = null

  const shake = (url: URL, response: ServerResponse): void => {
    handshakes.push(url)
    response.end(echoed ?? url.searchParams.get('hub.challenge'))
  }
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    posts.push({ body: Buffer.concat(chunks), headers: request.headers })
    if (status === null) response.destroy()
    else if (status !== 'never') response.writeHead(status).end()
    for (const look of [...waiting]) look()
  }
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://receiver')
    if (request.method === 'GET') {
      handshakeHeaders.push(request.headers)
      shake(url, response)
    } else void take(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0

  return {
    url: `http://127.0.0.1:${port}/webhook`,
    posts,
    handshakes,
    handshakeHeaders,
    answerWith: (next) => {
      status = next
    },
    echo: (text) => {
      echoed = text
    },
    items: () => posts.flatMap(({ body }) => itemsOf(body)),
    came: (count) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (posts.length < count) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        look()
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function itemsOf(body: Buffer): readonly Item[] {
  const { entry }: Body = JSON.parse(body.toString('utf8'))
  return entry.flatMap(({ messaging }) => messaging)
}
