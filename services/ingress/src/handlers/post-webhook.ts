import { appError, type Clock } from '@otn/kernel'
import { readSignature } from '../domain/signature-header.ts'
import type { Authenticator, TakeWebhook, Tell, VerifiedWebhook, WebhookRequest } from '../ports.ts'

export interface PostWebhookPorts {
  readonly authenticator: Pick<Authenticator, 'signedBy'>
  readonly clock: Clock
  readonly tell: Pick<Tell, 'signed' | 'unauthenticated'>
  /** Where a webhook goes that is the platform's. */
  readonly take: TakeWebhook
}

const NOTHING = Buffer.alloc(0)

/**
 * Receives a webhook: authenticate, then hand it on. It resolves when what it says is kept, so
 * that 200 means just that; the same webhook again adds no new fact.
 * @returns how many records it came to; 0 where all of it was only counted
 * @throws OTN_WEBHOOK_SIGNATURE, OTN_HTTP_UNAVAILABLE (send it again)
 */
export function postWebhook(ports: PostWebhookPorts): (request: WebhookRequest) => Promise<number> {
  return async (request) => ports.take(verified(request, ports), request.elapsedMs)
}

/** The bytes, once they are known to be the platform's. Every fault gets the same answer. */
function verified(
  request: WebhookRequest,
  { authenticator, clock, tell }: PostWebhookPorts,
): VerifiedWebhook {
  const body = request.body ?? NOTHING
  const claim = readSignature(request.headers)
  const signer = authenticator.signedBy(body, claim, request.appId)
  if (signer !== null && request.body !== undefined) {
    tell.signed(signer)
    const signature = `${claim.algorithm}=${claim.hex}`
    return { body, signature, appId: signer.appId, receivedAtMs: clock.nowMs() }
  }
  tell.unauthenticated(body.length)
  throw appError('OTN_WEBHOOK_SIGNATURE', { message: 'no app secret made the signature' })
}
