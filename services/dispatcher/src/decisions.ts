/**
 * What the simulation runs in place of the service's shell: handlers and decisions as they are, and
 * the adapters that reach no engine of their own; and the points at which the runner of faults may
 * strike. Nobody else imports this.
 */
export {
  changeCommand,
  type RevisionStep,
  settleCommand,
  type Written,
} from './adapters/change-command.ts'
export { type CursorConsumer, consumeWithCursor } from './adapters/consume-with-cursor.ts'
export { createContents } from './adapters/contents-vault.ts'
export type { Cursors } from './adapters/cursors-mongodb.ts'
export { createFacts } from './adapters/facts-kafka.ts'
export { MemoryLanes } from './adapters/lanes-memory.ts'
export { createLogEnds } from './adapters/log-ends-kafka.ts'
export { createEchoReader } from './adapters/metadata-mac.ts'
export { createPages } from './adapters/pages-memory.ts'
export { createSender } from './adapters/sender-graph.ts'
export { createTokenSafe } from './adapters/token-safe-vault.ts'
export { createWithdrawalsRead } from './adapters/withdrawals-read.ts'
export type { Books, BooksQuestion } from './books-port.ts'
export { type Asked, askedBy } from './domain/asking.ts'
export type { LedgerAnswer } from './domain/choose-token.ts'
export { stateOf } from './domain/command.ts'
export { ofRequestEvent } from './domain/command-fact.ts'
export type { CallOutcome } from './domain/decide-outcome.ts'
export {
  type Change,
  type CommandDocument,
  idOf,
  isCommandOf,
  isOwed,
  isUnderWay,
  isUntold,
  type NewCommand,
  type StoredCommand,
  type StoredFact,
  tokenKept,
} from './domain/document.ts'
export { isWithdrawn } from './domain/withdrawal.ts'
export { dispatcherFaultPoints } from './fault-points.ts'
export { everyTickDue } from './handlers/every-tick-due.ts'
export { onCancelNotification } from './handlers/on-cancel-notification.ts'
export { onCommandDue } from './handlers/on-command-due.ts'
export { onNotificationEvent } from './handlers/on-notification-event.ts'
export { onNotify } from './handlers/on-notify.ts'
export { onPageEvent } from './handlers/on-page-event.ts'
export { onReceiptEvent } from './handlers/on-receipt-event.ts'
export { onRequestOptIn } from './handlers/on-request-opt-in.ts'
export { onTokenEvent } from './handlers/on-token-event.ts'
export { previewNotification } from './handlers/preview-notification.ts'
export { previewRequest } from './handlers/preview-request.ts'
export { OUTWAIT_OTHERS_MS, runLane, tellFacts } from './handlers/run-lane.ts'
export type { InboxPorts, Preview, Read, Recorded, Unusable } from './inbox-ports.ts'
export type { Ledger, LedgerQuestion } from './ledger-ports.ts'
export type {
  Agenda,
  Commands,
  DuePorts,
  DueQuery,
  Facts,
  Gate,
  LanePorts,
  Pages,
  Sender,
  Threads,
  Withdrawals,
} from './ports.ts'
export { COMMANDS, OWN_STREAMS } from './streams.ts'
