/** What a look at the platform brings, and what is wanted of it. */

/** What the platform said; null = it did not, for the reason in `fault`. */
export interface Seen {
  /** Before the platform was asked, and after: what was well may have ended between. */
  readonly fromMs: number
  readonly atMs: number
  readonly subscription: {
    readonly callbackUrl: string
    readonly isActive: boolean
    readonly fields: readonly string[]
  } | null
  readonly isAppRead: boolean
  readonly pageFields: readonly string[] | null
  readonly isPageRead: boolean
  /** Ids of the other apps that follow the page. */
  readonly otherApps: readonly string[]
  readonly token: { readonly isValid: boolean; readonly expiresAt: number | null } | null
  readonly fault: string | null
}

export interface Expected {
  readonly callbackUrl: string
  readonly fields: readonly string[]
  /** When the page was connected, ms: nothing can be missing from before. */
  readonly connectedAt: number
  /** Of the connection: another token makes another alarm. */
  readonly connectionId: string
}
