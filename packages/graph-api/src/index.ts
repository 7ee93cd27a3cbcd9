export type { AnswerRow, CodePattern, RowVerdict } from './answer-row.ts'
export { ANSWER_TABLE_VERSION, answerTable } from './answer-table.ts'
export { appSecretProof, type ProofInput } from './appsecret-proof.ts'
export {
  buildOptInRequest,
  buildPersonSend,
  buildTokenSend,
  type MessageContent,
  type OptInRequestInput,
  type PersonSendInput,
  type TokenSendInput,
} from './build-message.ts'
export type {
  AddressedBy,
  AnswerDetail,
  Classification,
  ClassifyContext,
  CodePair,
  Judged,
  NotSentNotReached,
  NotSentThrottled,
  Owner,
  PageStopped,
  Refused,
  RetryPolicy,
  Sent,
  TokenRefused,
  TokenUsed,
  Unknown,
  Unlisted,
} from './classification.ts'
export { classify } from './classify.ts'
export { describeAnswer } from './describe-answer.ts'
export { maskSecrets } from './mask-secrets.ts'
export {
  isOurMetadata,
  type Mac,
  type Metadata,
  type MetadataFields,
  type MetadataInput,
  readMetadata,
  writeMetadata,
} from './metadata.ts'
export type {
  Answered,
  AnswerHeaders,
  GraphObservation,
  NotSent,
  NotSentCause,
  OutcomeUnknown,
  UnknownCause,
} from './observation.ts'
export { redactText } from './redact-text.ts'
export {
  createGraphClient,
  type GraphClient,
  type GraphClientOptions,
  type GraphEdge,
  type GraphSend,
  type GraphTimeouts,
  graphTimeouts,
  isGraphVersion,
} from './send.ts'
export {
  type AppSubscription,
  createSetUpClient,
  type Follower,
  type InspectedToken,
  type LongLivedToken,
  type OfferedPage,
  type PageCredentials,
  type SetUpClient,
} from './set-up/set-up-client.ts'
export type { SetUpFault, SetUpReason } from './set-up/set-up-fault.ts'
export type { SetUpResult } from './set-up/set-up-result.ts'
export { buildThreadControl, isDone, type ThreadControl } from './thread-control.ts'
export { readUsage, type Usage } from './usage.ts'
