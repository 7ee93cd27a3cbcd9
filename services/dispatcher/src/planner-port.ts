/** What a dry run needs of whoever calls the platform. */
import type { CommandContent } from './domain/command-content.ts'
import type { Connection } from './domain/page.ts'

export interface PlannedCall {
  readonly connection: Connection
  readonly content: CommandContent
  /** Whether a token names the person. */
  readonly byToken: boolean
}

export interface PlannedRequest {
  readonly method: 'POST'
  readonly path: string
  /** Byte by byte as it would go out, but for `[token]`, `[psid]` and `[metadata]`. */
  readonly body: string
}

export interface Planner {
  /** The call, without those who are meant, what empowers, and our metadata. */
  plan(call: PlannedCall): PlannedRequest
}
