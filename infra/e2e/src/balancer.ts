/**
 * What stands before several ingresses: a request goes to the first that listens. It is asked of a
 * rolling restart that nobody outside sees it, so whatever else happens on the way is kept.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { request } from 'undici'

export interface Balancer extends AsyncDisposable {
  readonly url: string
  /** Another address behind it, asked after those that are there. */
  add(target: string): void
  /** Takes one out; resolves when what it was asked is answered, so that it may end. */
  drain(target: string): Promise<void>
  /** Answers to POST other than 200, and requests that nobody answered (status 0). */
  readonly refused: Refused[]
  /** How many POSTs were answered 200. */
  accepted(): number
}

interface Refused {
  readonly status: number
  readonly said: string
}

export async function openBalancer(): Promise<Balancer> {
  const targets: string[] = []
  const refused: Refused[] = []
  const underWay = new Map<string, Set<Promise<unknown>>>()
  let accepted = 0
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk)
    const { method = 'GET', url = '/', headers } = incoming
    const { connection: _, host: __, 'transfer-encoding': ___, ...passed } = headers
    const answer = await firstAnswer({ targets, underWay }, url, {
      ...{ method: method as 'GET' | 'POST', headers: passed },
      ...(method === 'POST' ? { body: Buffer.concat(chunks) } : {}),
    })
    if (method === 'POST' && answer.status === 200) accepted += 1
    else if (method === 'POST') refused.push({ ...answer, said: answer.body.toString() })
    outgoing.writeHead(answer.status || 502).end(answer.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    ...{ url: `http://127.0.0.1:${port}`, refused, accepted: () => accepted },
    add: (target) => void targets.push(target),
    drain: async (target) => {
      const at = targets.indexOf(target)
      if (at >= 0) targets.splice(at, 1)
      await Promise.allSettled(underWay.get(target) ?? [])
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

interface Passed {
  readonly method: 'GET' | 'POST'
  readonly headers: Record<string, string | string[] | undefined>
  readonly body?: Buffer
}

interface Behind {
  readonly targets: readonly string[]
  readonly underWay: Map<string, Set<Promise<unknown>>>
}

/** Only who does not listen is passed over: nothing is tried twice behind Meta's back. */
async function firstAnswer({ targets, underWay }: Behind, path: string, passed: Passed) {
  const asked = new Set<string>()
  for (;;) {
    const target = targets.find((one) => !asked.has(one))
    if (target === undefined) return { status: 0, body: Buffer.from('nobody listens') }
    asked.add(target)
    const call = answerOf(target, path, passed)
    const calls = underWay.get(target) ?? new Set()
    underWay.set(target, calls.add(call))
    try {
      return await call
    } catch (error) {
      const { code, name } = error as NodeJS.ErrnoException
      if (code !== 'ECONNREFUSED') return { status: 0, body: Buffer.from(`${name} ${code}`) }
    } finally {
      calls.delete(call)
    }
  }
}

async function answerOf(target: string, path: string, passed: Passed) {
  const answer = await request(`${target}${path}`, { ...passed, reset: true })
  return { status: answer.statusCode, body: Buffer.from(await answer.body.arrayBuffer()) }
}
