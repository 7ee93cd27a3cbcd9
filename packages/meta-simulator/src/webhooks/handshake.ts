import { type Dispatcher, request } from 'undici'

export interface Handshake {
  readonly callbackUrl: string
  readonly verifyToken: string
  readonly challenge: string
  readonly dispatcher: Dispatcher
  readonly answerTimeoutMs: number
}

/** An answer longer than this is no echo of a challenge. */
const ANSWER_CHARACTERS_MAX = 200

/** Asks a callback for the raw challenge, as at every registration. @returns the fault, or null */
export async function shakeHands(handshake: Handshake): Promise<string | null> {
  const { callbackUrl, challenge, verifyToken } = handshake
  const url = new URL(callbackUrl)
  url.searchParams.set('hub.mode', 'subscribe')
  url.searchParams.set('hub.challenge', challenge)
  url.searchParams.set('hub.verify_token', verifyToken)
  try {
    const answer = await request(url, {
      dispatcher: handshake.dispatcher,
      signal: AbortSignal.timeout(handshake.answerTimeoutMs),
    })
    const text = await answer.body.text()
    if (answer.statusCode !== 200) return `it answered ${answer.statusCode} instead of 200`
    if (text === challenge) return null
    return `it answered ${JSON.stringify(text.slice(0, ANSWER_CHARACTERS_MAX))}, not the challenge`
  } catch (error) {
    return `no answer: ${error instanceof Error ? error.message : String(error)}`
  }
}
