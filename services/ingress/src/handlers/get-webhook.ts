import { answerHandshake, type HandshakeAnswer } from '../domain/handshake.ts'
import type { HandshakeRequest, Tell, VerifyToken } from '../ports.ts'

/** Answers the platform's verification call: the challenge for who knows the verify token. */
export function getWebhook({
  verifyToken,
  tell,
}: {
  readonly verifyToken: VerifyToken
  readonly tell: Tell
}): (request: HandshakeRequest) => HandshakeAnswer {
  return ({ appId, mode, challenge, verifyToken: given }) => {
    const tokenMatches = given === null ? null : verifyToken.matches(given, appId)
    const answer = answerHandshake({ mode, challenge, tokenMatches })
    tell.handshake(answer.outcome)
    return answer
  }
}
