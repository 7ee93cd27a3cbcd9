/**
 * What the simulation runs in place of the service's shell: the folds, the projection and the
 * answers as they are; and the points at which the runner of faults may strike. Nobody else imports
 * this.
 */

export { unknownPerson, windowOpenUntil } from './domain/person.ts'
export { type TokenDocument, tokenView } from './domain/token.ts'
export { isWithin, type WithdrawalScope } from './domain/withdrawal-scope.ts'
export { ledgerFaultPoints } from './fault-points.ts'
export { onEngagementEvent } from './handlers/on-engagement-event.ts'
export { onNotificationEvent } from './handlers/on-notification-event.ts'
export { onOptInReceived } from './handlers/on-opt-in-received.ts'
export { onOptInRequestEvent } from './handlers/on-optin-request-event.ts'
export { onPageEvent } from './handlers/on-page-event.ts'
export { onTokenEvent } from './handlers/on-token-event.ts'
export {
  type Cursors,
  type DocumentStore,
  LEDGER_TOPICS,
  type LedgerTopic,
  type ListedToken,
  type Offsets,
  perTopic,
  type Served,
  type Store,
  type Versioned,
} from './ports.ts'
export { foldBatches } from './projection/fold-batch.ts'
export { foldDocuments } from './projection/fold-documents.ts'
export type { EventHandlers } from './projection/read-records.ts'
export { answerCandidates } from './queries/answer-candidates.ts'
export type { Telemetry } from './telemetry.ts'
