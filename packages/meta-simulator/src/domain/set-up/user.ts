import { success } from '../graph-answer.ts'
import type { GraphCall } from '../graph-call.ts'
import type { Outcome } from '../judgement.ts'

/** The one person who looks after every page here. */
export const adminId = '100000000000009'

/** `GET /me` with a user token. */
export function readUser(_call: GraphCall): Outcome {
  return { answer: success({ name: 'Page Admin', id: adminId }), facts: [] }
}
