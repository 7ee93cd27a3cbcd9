import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

const UNAUTHORIZED = 401

/** A front of the schema registry that asks for a user, as a deployment puts one there. */
export interface GuardedRegistry extends AsyncDisposable {
  /** Base of the API, path included. */
  readonly url: string
}

export async function guardRegistry(
  target: string,
  login: { readonly username: string; readonly password: string },
): Promise<GuardedRegistry> {
  const { origin, pathname } = new URL(target)
  const pair = `${login.username}:${login.password}`
  const wanted = `Basic ${Buffer.from(pair).toString('base64')}`
  const server = createServer(async (request, response) => {
    if (request.headers.authorization !== wanted) return response.writeHead(UNAUTHORIZED).end('{}')
    const { method = 'GET', url = '' } = request
    const body = method === 'GET' ? null : await text(request)
    const headers = { 'content-type': request.headers['content-type'] ?? '' }
    const answer = await fetch(`${origin}${url}`, { method, headers, body })
    return response.writeHead(answer.status).end(await answer.text())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}${pathname}`,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
