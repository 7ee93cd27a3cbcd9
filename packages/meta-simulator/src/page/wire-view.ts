/** What went over the wire about one person: a line for each webhook and call, newest first. */
import { USER_AGENT } from '../webhooks/post-webhook.ts'
import { authorization, curlOfCall, curlOfWebhook, withoutSecrets } from './curl.ts'
import type { SeenCall, SeenPost, Witness } from './witness.ts'

export interface WireRow {
  readonly id: string
  readonly kind: 'webhook' | 'call'
  readonly atMs: number
  /** What it was about, for example `optin` or `POST /v21.0/me/messages`. */
  readonly what: string
  readonly outcome: string
  readonly mood: 'good' | 'bad' | 'silent' | 'open'
}

/** A row opened: everything that was sent and answered, without credentials. */
export interface WireDetail extends WireRow {
  readonly request: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly bodyBytes: number
  /** What the signature was made over; null for calls, which carry none. */
  readonly signed: string | null
  readonly answer: string
  readonly curl: string
}

const ROWS_MAX = 40

/** The rows that name a person or one of the person's tokens. */
export function wireOf(witness: Witness, names: readonly string[]): readonly WireRow[] {
  const posts = witness.posts().filter(({ body }) => speaksOf(body.text, names))
  const calls = witness.calls().filter(({ body, url }) => speaksOf(`${url}\n${body.text}`, names))
  const rows = [...posts.map(rowOfPost), ...calls.map(rowOfCall)]
  return rows.toSorted((a, b) => b.atMs - a.atMs || newer(a, b)).slice(0, ROWS_MAX)
}

/** The whole of one row; null when it is not remembered. */
export function wireDetail(witness: Witness, id: string): WireDetail | null {
  const post = witness.posts().find((seen) => seen.id === id)
  if (post !== undefined) return detailOfPost(post)
  const call = witness.calls().find((seen) => seen.id === id)
  return call === undefined ? null : detailOfCall(call)
}

function speaksOf(text: string, names: readonly string[]): boolean {
  return names.some((name) => text.includes(name))
}

/** At the same moment the call comes before the webhooks that it caused. */
function newer(a: WireRow, b: WireRow): number {
  if (a.kind !== b.kind) return a.kind === 'webhook' ? -1 : 1
  return Number(b.id.slice(1)) - Number(a.id.slice(1))
}

function rowOfPost({ id, atMs, body, result }: SeenPost): WireRow {
  const row = { id, kind: 'webhook', atMs, what: eventsOf(body.text) } as const
  if (result === null) return { ...row, outcome: 'no answer yet', mood: 'open' }
  if (result.status === null)
    return { ...row, outcome: `no answer: ${result.fault}`, mood: 'silent' }
  const mood = result.status === 200 ? 'good' : 'bad'
  return { ...row, outcome: `${result.status} in ${result.tookMs.toFixed(0)} ms`, mood }
}

const KINDS = ['optin', 'message', 'postback', 'reaction', 'read', 'delivery']

function eventsOf(body: string): string {
  const kinds = KINDS.filter((kind) => body.includes(`"${kind}":{`))
  const count = body.split('"sender":{').length - 1
  const named = body.includes('"is_echo":true') ? ['message echo'] : kinds
  return `${named.join(', ') || 'event'}${count > 1 ? ` (${count} events)` : ''}`
}

function rowOfCall({ id, atMs, method, url, answer, tookMs }: SeenCall): WireRow {
  const what = `${method} ${url.split('?', 1)[0]}`
  const row = { id, kind: 'call', atMs, what } as const
  if (answer === null) return { ...row, outcome: 'no answer yet', mood: 'open' }
  if (answer.kind === 'cut') return { ...row, outcome: 'no answer at all', mood: 'silent' }
  const code = /"code":(\d+)(?:,"error_subcode":(\d+))?/.exec(answer.body)
  const codes = code === null ? '' : ` · code ${[code[1], code[2]].filter(Boolean).join('/')}`
  const mood = answer.status === 200 ? 'good' : 'bad'
  return { ...row, outcome: `${answer.status}${codes} in ${tookMs.toFixed(0)} ms`, mood }
}

function detailOfPost(seen: SeenPost): WireDetail {
  const { url, signatures, body, result } = seen
  const answer = result?.status ?? null
  return {
    ...rowOfPost(seen),
    request: `POST ${url}`,
    headers: { 'content-type': 'application/json', 'user-agent': USER_AGENT, ...signatures },
    body: body.text,
    bodyBytes: body.bytes,
    signed: signatures === null ? 'nothing: it carries no signature' : SIGNED,
    answer: answer === null ? (result?.fault ?? 'none yet') : `HTTP ${answer}`,
    curl: curlOfWebhook({ url, body: body.text }),
  }
}

const SIGNED =
  'exactly the bytes of the body below, escapes as they stand: HMAC under the app secret. ' +
  'Parse it and write it again, and the signature no longer fits.'

function detailOfCall(seen: SeenCall): WireDetail {
  const { method, url, body, answer } = seen
  const headers = textsOf(seen.headers)
  const shown = Object.entries(headers).map(([name, value]) =>
    name === 'authorization' ? [name, authorization(value)] : [name, value],
  )
  const address = `http://${headers.host ?? 'localhost'}${url}`
  return {
    ...rowOfCall(seen),
    request: `${method} ${withoutSecrets(url)}`,
    headers: Object.fromEntries(shown),
    body: body.text,
    bodyBytes: body.bytes,
    signed: null,
    answer: answerText(answer),
    curl: curlOfCall({ method, url: address, headers, body: body.text }),
  }
}

function textsOf(headers: SeenCall['headers']): Readonly<Record<string, string>> {
  const pairs = Object.entries(headers).map(([name, value]) => [name, String(value ?? '')])
  return Object.fromEntries(pairs)
}

function answerText(answer: SeenCall['answer']): string {
  if (answer === null) return 'none yet'
  if (answer.kind === 'cut') return 'none: the connection ended without a byte'
  return `HTTP ${answer.status}\n${answer.body}`
}
