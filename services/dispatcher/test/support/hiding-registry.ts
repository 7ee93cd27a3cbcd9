/** The real registry, but for schemas that it does not know yet. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface HidingRegistry extends AsyncDisposable {
  readonly url: string
  /** Asked for, they are answered 404 while they stand here. */
  readonly hidden: Set<number>
}

export async function hidingRegistry(target: string): Promise<HidingRegistry> {
  const hidden = new Set<number>()
  const { pathname, origin } = new URL(target)
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { method = 'GET', url = '/', headers } = request
    const [, id] = /\/schemas\/ids\/(\d+)/.exec(url) ?? []
    if (id !== undefined && hidden.has(Number(id))) {
      response.writeHead(404, { 'content-type': 'application/json' })
      response.end('{"error_code":40403}')
      return
    }
    const type = headers['content-type']
    const answer = await fetch(`${origin}${url}`, {
      method,
      ...(type === undefined ? {} : { headers: { 'content-type': type } }),
      ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }),
    })
    response.writeHead(answer.status, { 'content-type': 'application/json' })
    response.end(await answer.text())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}${pathname}`,
    hidden,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
