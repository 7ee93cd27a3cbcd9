/** What the platform gave away, and what it is asked. */
export interface GrantedToken {
  readonly raw: string
  readonly page: string
  readonly psid: string
  readonly topic: string
  readonly grantedAt: number
}

export interface SendRequest {
  readonly token: string
  readonly commandId: string
  readonly attempt: number
  readonly metadata: string
}
