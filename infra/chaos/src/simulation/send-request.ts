/** What the platform gave away, and what it is asked. */
export interface Person {
  readonly page: string
  readonly psid: string
}

export interface GrantedToken extends Person {
  readonly raw: string
  readonly topic: string
  readonly grantedAt: number
}

export interface SendRequest {
  /** Null = the call names the person. */
  readonly token: string | null
  readonly psid: string | null
  readonly page: string
  /** What a question asks about; null = a message. */
  readonly topic: string | null
  /** Its words. */
  readonly title: string | null
  /** Message tag; null = none. */
  readonly tag: string | null
  readonly commandId: string
  readonly attempt: number
  readonly metadata: string
}

/** As ids stand on the log: what is hashed outside is padded here. */
export function idOf(raw: string): string {
  return raw.padStart(32, '0')
}

export function rawOf(tokenId: string): string {
  return tokenId.replace(/^0+/, '')
}

/** What the body of a call says, by rules of our own: `otn1.<page>.<command>.<attempt>.<MAC>`. */
export function readRequest(body: Buffer | string): SendRequest {
  const { recipient, message, tag = null } = JSON.parse(String(body))
  const metadata = String(message.metadata)
  const [, page = '', commandId = '', attempt = ''] = metadata.split('.')
  const payload: string | undefined = message.attachment?.payload?.payload
  return {
    ...{ page, commandId, attempt: Number(attempt), metadata, tag },
    token: recipient.one_time_notif_token ?? null,
    psid: recipient.id ?? null,
    // `otn1:<topic>:<context>` comes back with the consent.
    topic: payload?.split(':')[1] ?? null,
    title: message.attachment?.payload?.title ?? null,
  }
}
