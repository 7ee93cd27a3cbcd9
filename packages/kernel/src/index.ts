export { assertNever, invariant } from './assert.ts'
export { canonicalJson, type Json } from './canonical-json.ts'
export { type Clock, DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from './clock.ts'
export { accept, type Decision, type Fold, fold, refuse } from './decider.ts'
export {
  AppError,
  type AppErrorInput,
  appError,
  type ErrorCode,
  errorCodes,
  isAppError,
} from './errors.ts'
export type { Identity } from './identity.ts'
export {
  type AccountId,
  accountId,
  type CommandId,
  commandId,
  type EventId,
  eventId,
  isPageScopedUserId,
  type MessageId,
  messageId,
  type PageId,
  type PageScopedUserId,
  type PersonId,
  pageId,
  pageScopedUserId,
  personId,
  type TokenId,
  tokenId,
} from './ids.ts'
export {
  isObject,
  type JsonObject,
  member,
  readFilledText,
  readId,
  readInstant,
} from './json-fields.ts'
export { type Latest, latest } from './latest.ts'
export { type ParsedBody, parseBody } from './parse-body.ts'
export { type JsonScan, scanJson } from './scan-json.ts'
export { Secret } from './secret.ts'
export { isTimeZone } from './time-zone.ts'
export {
  isContext,
  isTopic,
  type PayloadEnvelope,
  readPayload,
  writePayload,
} from './topic-name.ts'
