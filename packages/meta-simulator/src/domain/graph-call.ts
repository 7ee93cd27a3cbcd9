/** A call whose caller is known. */
import type { AccessToken, Permission } from './access-token.ts'
import type { GraphContext } from './graph-context.ts'
import type { GraphRequest } from './graph-request.ts'
import { invalid, type Outcome, type Refused } from './judgement.ts'
import type { Page } from './world.ts'

export interface GraphCall {
  readonly request: GraphRequest
  readonly caller: AccessToken
  readonly context: GraphContext
}

/** A call about the page of its token. */
export interface PageCall extends GraphCall {
  readonly page: Page
}

export type PageRoute = (call: PageCall) => Outcome
export type GraphRoute = (call: GraphCall) => Outcome

/** A parameter that must be a text. */
export function textParameter({ request }: GraphCall, name: string): string | Refused {
  const value = request.parameters[name]
  if (typeof value === 'string' && value !== '') return value
  return invalid(`The parameter ${name} is required`)
}

/** A list that came as JSON or with commas; null where it is absent. */
export function listParameter({ request }: GraphCall, name: string): readonly string[] | null {
  const value = request.parameters[name]
  if (Array.isArray(value)) return value.map(nameOf)
  if (typeof value !== 'string' || value === '') return null
  return value.split(',').map((part) => part.trim())
}

function nameOf(part: unknown): string {
  return typeof part === 'string' ? part : JSON.stringify(part)
}

/** The refusal of a caller without a permission, or null. */
export function permissionFault({ caller }: GraphCall, needed: Permission): Refused | null {
  return caller.scopes.includes(needed) ? null : { situation: 'permission-missing' }
}
