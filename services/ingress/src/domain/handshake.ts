/** Parameters of the platform's verification call, as the query string gave them. */
export interface Handshake {
  readonly mode: string | null
  readonly challenge: string | null
  /** True where the verify token was right; null where none was given. */
  readonly tokenMatches: boolean | null
}

export type HandshakeAnswer =
  | { readonly outcome: 'accepted'; readonly challenge: string }
  | { readonly outcome: 'refused'; readonly status: 400 | 403; readonly detail: string }

/** What may be echoed: no markup, no white space, bounded. The platform sends a whole number. */
const CHALLENGE = /^[A-Za-z0-9._~-]{1,256}$/

export function answerHandshake({ mode, challenge, tokenMatches }: Handshake): HandshakeAnswer {
  if (mode === null || challenge === null || tokenMatches === null) {
    return refused(400, 'wanted hub.mode, hub.verify_token and hub.challenge, each once')
  }
  if (!tokenMatches) return refused(403, 'hub.verify_token is not the verify token set here')
  if (mode !== 'subscribe') return refused(403, 'hub.mode is not subscribe')
  if (!CHALLENGE.test(challenge)) {
    return refused(400, 'hub.challenge is not 1 to 256 characters of [A-Za-z0-9._~-]')
  }
  return { outcome: 'accepted', challenge }
}

function refused(status: 400 | 403, detail: string): HandshakeAnswer {
  return { outcome: 'refused', status, detail }
}
