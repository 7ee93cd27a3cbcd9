import type { IncomingHttpHeaders } from 'node:http'

import { type GraphPath, type GraphRequest, readGraphPath } from '../domain/graph-request.ts'
import { isJsonObject, type JsonObject } from '../domain/json-object.ts'
import { isTooDeep } from './nesting.ts'

export interface RawCall {
  readonly method: string
  /** Path and query as they came. */
  readonly url: string
  readonly headers: IncomingHttpHeaders
  /** Empty where there is none. */
  readonly body: string
}

/** Undoes the transport: query, form or JSON body, and every place an access token may stand. */
export function readGraphRequest(call: RawCall): GraphRequest {
  // Only the first question mark parts; a later one belongs to a value.
  const mark = call.url.indexOf('?')
  const body = bodyMembers(call)
  const parameters = mark < 0 ? body : { ...formMembers(call.url.slice(mark + 1)), ...body }
  return {
    method: methodOf(call.method, parameters.method),
    path: pathOf(mark < 0 ? call.url : call.url.slice(0, mark)),
    parameters,
    accessToken: textOf(parameters.access_token) ?? bearerOf(call.headers.authorization),
  }
}

/** The path that was read last: callers ask for the same one again and again. */
let lastPath = { pathname: '', path: readGraphPath('') }

function pathOf(pathname: string): GraphPath {
  if (lastPath.pathname !== pathname) lastPath = { pathname, path: readGraphPath(pathname) }
  return lastPath.path
}

/** `?method=POST` makes a call of any method one that posts, as the guide to test users shows. */
function methodOf(method: string, wanted: unknown): string {
  const isKnown = wanted === 'GET' || wanted === 'POST' || wanted === 'DELETE'
  return isKnown && (method === 'GET' || method === 'POST') ? wanted : method
}

function bodyMembers({ body, headers }: RawCall): JsonObject {
  if (body === '') return {}
  const isForm = /^application\/x-www-form-urlencoded/i.test(headers['content-type'] ?? '')
  return isForm ? formMembers(body) : (readJson(body) ?? {})
}

/** Of a form, only what looks like an object or an array is JSON. */
function formMembers(text: string): JsonObject {
  if (text === '') return {}
  const members = [...new URLSearchParams(text)].map(([name, value]) => {
    if (!/^[{[]/.test(value)) return [name, value] as const
    // Meta's own samples write {'id':'…'}.
    return [name, readNested(value) ?? readNested(value.replaceAll("'", '"')) ?? value] as const
  })
  return Object.fromEntries(members)
}

function readNested(text: string): unknown {
  if (!text.startsWith('[')) return readJson(text)
  try {
    const value: unknown = JSON.parse(text)
    return isTooDeep(value) ? null : value
  } catch {
    return null
  }
}

function readJson(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text)
    if (!isJsonObject(value) || isTooDeep(value)) return null
    return hasNumericAddress(value) ? JSON.parse(text, numbersAsWritten) : value
  } catch {
    return null
  }
}

/** A second parse is needed only for callers who write ids as numbers. */
function hasNumericAddress(value: JsonObject): boolean {
  const recipient = isJsonObject(value.recipient) ? value.recipient : value
  return typeof recipient.id === 'number' || typeof recipient.one_time_notif_token === 'number'
}

/** Ids are longer than a double holds, so their digits are taken from the text. */
function numbersAsWritten(key: string, value: unknown, context?: { readonly source?: string }) {
  const isAddress = key === 'id' || key === 'one_time_notif_token'
  return isAddress && typeof value === 'number' ? (context?.source ?? String(value)) : value
}

/** The header that was read last, for the same reason; nor is its token hashed anew. */
let lastBearer: { readonly authorization: string; readonly token: string | null } | null = null

function bearerOf(authorization: string | undefined): string | null {
  if (authorization === undefined) return null
  if (lastBearer?.authorization !== authorization) {
    const token = /^(?:Bearer|OAuth) +(\S+)$/i.exec(authorization)?.[1] ?? null
    lastBearer = { authorization, token }
  }
  return lastBearer.token
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}
