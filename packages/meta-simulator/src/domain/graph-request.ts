/** A call as it reached the Graph side, after its transport encodings were undone. */
import type { JsonObject } from './json-object.ts'

export interface GraphRequest {
  readonly method: string
  readonly path: GraphPath
  /** Query and body members together; the body wins. */
  readonly parameters: JsonObject
  /** From the query, the body or the `Authorization` header; null when none of them has it. */
  readonly accessToken: string | null
}

/** `/v21.0/me/messages` is version `v21.0`, node `me`, edge `messages`. */
export interface GraphPath {
  readonly version: string | null
  readonly node: string
  readonly edge: string | null
  /** What follows the edge; Meta knows no such thing. */
  readonly rest: string
}

/** Reads a path with or without a version in front. */
export function readGraphPath(pathname: string): GraphPath {
  const parts = pathname.split('/').filter((part) => part !== '')
  const first = parts[0] ?? ''
  const version = /^v\d{1,3}\.\d$/.test(first) ? first : null
  const [node = '', edge = null, ...rest] = version === null ? parts : parts.slice(1)
  return { version, node, edge, rest: rest.map((part) => `/${part}`).join('') }
}
