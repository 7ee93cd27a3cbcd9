import type { PageCall } from './graph-call.ts'
import type { JsonObject } from './json-object.ts'
import type { OptInRequest } from './opt-in-template.ts'

/** A send whose body is sound. */
export interface Send {
  readonly call: PageCall
  readonly message: JsonObject
  /** The request for permission that it carries, if it does. */
  readonly request: OptInRequest | null
  readonly tag: unknown
}
