/** One error answer: HTTP status and the members of Meta's error envelope. */
export interface Fault {
  readonly status: number
  readonly code: number
  readonly subcode?: number
  readonly message: string
  /** `OAuthException` when absent. */
  readonly type?: string
  /** Written as `is_transient`; left out when absent. */
  readonly transient?: boolean
  /** For people, `error_user_title` and `error_user_msg`; left out when absent. */
  readonly userTitle?: string
  readonly userMessage?: string
  /** Written as `error_data`, an object or the text of one; left out when absent. */
  readonly data?: unknown
}

/** An error with the status that nearly all of them have. */
export function bad(code: number, message: string, more: Partial<Fault> = {}): Fault {
  return { status: 400, code, message, ...more }
}
