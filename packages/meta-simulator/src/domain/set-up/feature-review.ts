import { success } from '../graph-answer.ts'
import type { PageCall } from '../graph-call.ts'
import type { Outcome } from '../judgement.ts'

/** `GET /me/messaging_feature_review`. One-time notifications are not among its features. */
export function reviewFeatures(_call: PageCall): Outcome {
  const data = [{ feature: 'subscription_messaging', status: 'rejected' }]
  return { answer: success({ data }), facts: [] }
}
