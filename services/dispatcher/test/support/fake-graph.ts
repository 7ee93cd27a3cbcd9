/** A Send API with answers by script: a token is taken once, whatever was answered. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface GraphCall {
  readonly url: string
  readonly headers: IncomingMessage['headers']
  /** Empty where the call names the person. */
  readonly token: string
  readonly body: {
    readonly recipient: Readonly<Record<string, string>>
    readonly message: Readonly<Record<string, unknown>> & { readonly metadata: string }
  }
}

/** What a call comes to: `accept-unheard` delivers and cuts the line, `hang` answers never. */
export type Fate =
  | 'accept'
  | 'accept-unheard'
  | 'cut'
  | 'hang'
  | { readonly status: number; readonly error: Readonly<Record<string, unknown>> }

export interface FakeGraph extends AsyncDisposable {
  readonly url: string
  readonly calls: readonly GraphCall[]
  /** Messages that people got, in order. */
  readonly delivered: readonly GraphCall[]
  /** Calls about control of a thread: the edge, and whom. All are taken. */
  readonly threadCalls: readonly (readonly [string, string])[]
  /** Asked for each call; by default all are accepted. */
  fate: (call: GraphCall) => Fate
}

const USED = { message: '(#100) made up', type: 'OAuthException', code: 100, fbtrace_id: 'A1' }

export async function startFakeGraph(): Promise<FakeGraph> {
  const calls: GraphCall[] = []
  const delivered: GraphCall[] = []
  const threadCalls: [string, string][] = []
  const server = createServer(async (request, response) => {
    const body = JSON.parse(await textOf(request))
    const [, edge] = /\/me\/(\w+_thread_control)\?/.exec(request.url ?? '') ?? []
    if (edge !== undefined) {
      threadCalls.push([edge, String(body.recipient.id)])
      response.end('{"success":true}')
      return
    }
    const token = String(body.recipient.one_time_notif_token ?? '')
    const call = { url: request.url ?? '', headers: request.headers, token, body }
    calls.push(call)
    const isUsed = token !== '' && delivered.some((earlier) => earlier.token === token)
    const fate = isUsed ? { status: 400, error: USED } : graph.fate(call)
    if (fate === 'accept' || fate === 'accept-unheard') delivered.push(call)
    answer(response, { fate, mid: `m_${delivered.length}` })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const graph: FakeGraph = {
    url: `http://127.0.0.1:${port}`,
    calls,
    delivered,
    threadCalls,
    fate: () => 'accept',
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return graph
}

function answer(
  response: ServerResponse,
  { fate, mid }: { readonly fate: Fate; readonly mid: string },
): void {
  if (fate === 'hang') return
  if (fate === 'cut' || fate === 'accept-unheard') {
    response.destroy()
    return
  }
  const [status, body] =
    fate === 'accept'
      ? [200, { recipient_id: '1', message_id: mid }]
      : [fate.status, { error: fate.error }]
  response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8' })
  response.end(JSON.stringify(body))
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString('utf8')
}
