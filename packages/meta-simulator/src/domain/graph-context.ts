import type { Switches } from './switches.ts'
import type { World } from './world.ts'

/** What an answer may depend on beside the request itself. */
export interface GraphContext {
  readonly world: World
  readonly switches: Switches
  /** The simulator's clock, milliseconds since the epoch. */
  readonly nowMs: number
  /** Drawn by the shell for this call, used or not. */
  readonly fresh: { readonly messageId: string; readonly traceId: string }
  /** A new access token with its proof; drawn only where a call needs one. */
  readonly mint: () => MintedToken
  /** What became of the handshake that a judgement asked for; absent before it was made. */
  readonly handshake?: Handshake
}

export interface MintedToken {
  readonly accessToken: string
  readonly proof: string
}

/** The fault of a handshake with a callback, or null if it went well. */
export interface Handshake {
  readonly fault: string | null
}
