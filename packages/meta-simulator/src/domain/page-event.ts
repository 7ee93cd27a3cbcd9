/** What Meta itself, another app or a moderator does to a page or to one of its threads. */

export type PageEvent =
  | {
      readonly kind: 'pass-thread-control' | 'take-thread-control'
      readonly previousOwnerAppId: string | null
      readonly newOwnerAppId: string
      readonly metadata?: string | undefined
    }
  | {
      readonly kind: 'request-thread-control'
      readonly requestedOwnerAppId: string
      readonly metadata?: string | undefined
    }
  | {
      readonly kind: 'app-roles'
      readonly roles: Readonly<Record<string, readonly string[]>>
    }
  | {
      readonly kind: 'policy-enforcement'
      readonly action: 'warning' | 'block' | 'unblock'
      /** Never given for `unblock`. */
      readonly reason?: string | undefined
    }
  /** A message of another app or of a moderator in the inbox, as every app is told of it. */
  | {
      readonly kind: 'echo'
      readonly mid: string
      readonly appId: string
      readonly text: string
      readonly metadata?: string | undefined
    }
  /** Anything that comes in `changes[]`: integrity, template status, feature review, feed. */
  | { readonly kind: 'change'; readonly field: string; readonly value: unknown }
