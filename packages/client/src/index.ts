/** For product services: publish a command, await its outcome. */
export { AppError, type ErrorCode, isAppError } from '@otn/kernel'
export { type CommandState, commandFold } from './command-state.ts'
export { createNotifier } from './create-notifier.ts'
export type {
  AskedRecipient,
  CampaignCalls,
  CampaignInput,
  CancelInput,
  CommandReference,
  ConsentScope,
  Content,
  Explained,
  LogPosition,
  Notified,
  Notifier,
  NotifyInput,
  Outcome,
  OutcomeOptions,
  PersonRecipient,
  Recipient,
  Requested,
  RequestOptInInput,
  StartCampaignInput,
  Steered,
  Way,
  WithdrawInput,
} from './notifier.ts'
export type { KafkaConnection, NotifierLog, NotifierOptions } from './notifier-options.ts'
export { explain, isFinal, outcomeOf } from './outcome.ts'
