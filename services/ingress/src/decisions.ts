/**
 * What the simulation runs in place of the service's shell: the way of a webhook as it is; and
 * the points at which the runner of faults may strike. Nobody else imports this.
 */
export { createAuthenticator } from './adapters/authenticator-hmac.ts'
export { createJournal } from './adapters/journal-kafka.ts'
export { createPages } from './domain/pages.ts'
export { readSignature, type SignatureHeaders } from './domain/signature-header.ts'
export { ingressFaultPoints, spoolFaultPoints } from './fault-points.ts'
export { onPageEvent } from './handlers/on-page-event.ts'
export { postWebhook } from './handlers/post-webhook.ts'
export { takeWebhook } from './handlers/take-webhook.ts'
