/** A running simulator as the cases of the conformance suite see it: over HTTP alone. */
import { type Simulator, type SimulatorOptions, startSimulator } from '../../src/index.ts'
import { type Receiver, startReceiver } from '../receiver.ts'

/** Before any version of today was retired and any tag was removed. */
const START_MS = 1_700_000_000_000

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The answer as JSON; empty where it is none. */
  readonly body: Readonly<Record<string, unknown>>
  /** `code` or `code/subcode` of an error, `ok` of anything else. */
  readonly code: string
}

export interface Call {
  readonly method?: string
  /** Of the page by default; null sends none. */
  readonly token?: string | null
  /** Sent as JSON. */
  readonly json?: unknown
  /** Sent as a form. */
  readonly form?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
}

export interface Meta {
  readonly simulator: Simulator
  readonly pageId: string
  readonly otherPageId: string
  /** The first person of the first page; their window is closed until they write. */
  readonly psid: string
  /** A call of the Graph side; the token of the first page travels as a bearer. */
  call(path: string, call?: Call): Promise<Answer>
  /** `POST /v21.0/me/messages` with this JSON. */
  send(json: unknown): Promise<Answer>
  /** The person of the page writes, so that their window opens. */
  write(): Promise<void>
  /** A token of the person, as if they had tapped. */
  token(): Promise<string>
  /** Puts the clock ahead; resolves when no webhook is on its way. */
  pass(ms: number): Promise<void>
  /** A callback of the case's own; not registered yet. */
  receiver(): Promise<Receiver>
  /** A call of the control side. */
  control(method: string, path: string, json?: unknown): Promise<Answer>
  close(): Promise<void>
}

/** Starts a simulator for one case. */
export async function startMeta(options: SimulatorOptions = {}): Promise<Meta> {
  const clock = { startAtMs: START_MS, running: false }
  const simulator = await startSimulator({ seed: 'conformance', clock, ...options })
  const receivers: Receiver[] = []
  const [page, other] = simulator.pages
  const pageId = page?.pageId ?? ''
  const psid = simulator.people(pageId)[0]?.psid ?? ''
  const call: Meta['call'] = (path, given = {}) =>
    request(`${simulator.graphUrl}${path}`, { token: page?.accessToken ?? '', ...given })
  return {
    simulator,
    pageId,
    otherPageId: other?.pageId ?? '',
    psid,
    call,
    send: (json) => call('/v21.0/me/messages', { method: 'POST', json }),
    write: async () => {
      await simulator.act({ pageId, psid, act: { kind: 'message', text: 'Hello' } })
    },
    token: async () => (await simulator.tap({ pageId, psid, payload: 'p' })).token,
    pass: async (ms) => {
      await simulator.advance(ms)
      await simulator.quiet()
    },
    receiver: async () => {
      const receiver = await startReceiver()
      receivers.push(receiver)
      return receiver
    },
    control: (method, path, json) =>
      request(`${simulator.simulatorUrl}${path}`, { method, json, token: null }),
    close: async () => {
      await simulator.close()
      for (const receiver of receivers) await receiver.close()
    },
  }
}

async function request(url: string, call: Call): Promise<Answer> {
  const { method = 'GET', token = null, json, form, query = {}, headers = {} } = call
  const search = new URLSearchParams(query).toString()
  const answer = await fetch(search === '' ? url : `${url}?${search}`, {
    method,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    ...(form === undefined ? {} : { body: new URLSearchParams(form) }),
  })
  const text = await answer.text()
  const body = readBody(text)
  return { status: answer.status, headers: answer.headers, text, body, code: codeOf(body) }
}

function readBody(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}

function codeOf({ error }: Readonly<Record<string, unknown>>): string {
  if (typeof error !== 'object' || error === null) return 'ok'
  const { code, error_subcode: subcode }: { code?: number; error_subcode?: number } = error
  return subcode === undefined ? String(code) : `${code}/${subcode}`
}
