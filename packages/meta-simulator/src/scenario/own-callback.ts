/** A callback for whoever plays without a system: it verifies, and answers 200 or 401. */
import { timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'

import { sign } from '../webhooks/sign.ts'

export interface OwnCallback {
  readonly url: string
  close(): Promise<void>
}

export async function startOwnCallback(appSecret: string): Promise<OwnCallback> {
  const server = createServer((request, response) => {
    if (request.method === 'GET') {
      const url = new URL(request.url ?? '/', 'http://callback')
      response.end(url.searchParams.get('hub.challenge'))
      return
    }
    void isSigned(request, appSecret).then((signed) => response.writeHead(signed ? 200 : 401).end())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}/webhook`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function isSigned(request: IncomingMessage, appSecret: string): Promise<boolean> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const { 'x-hub-signature-256': expected } = sign(Buffer.concat(chunks), appSecret)
  const given = Buffer.from(String(request.headers['x-hub-signature-256']))
  return given.length === expected.length && timingSafeEqual(given, Buffer.from(expected))
}
