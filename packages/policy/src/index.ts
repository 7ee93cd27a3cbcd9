export { readMayNotify, writeMayNotify } from './may-notify.ts'
export { type MessageKind, messageKinds } from './message-kinds.ts'
export { messageTags } from './message-tags.ts'
export { notifyRules, tagOpenUntil } from './notify-rules.ts'
export type {
  AllowedTag,
  NotifySettings,
  NotifySituation,
  NotifyWorld,
} from './notify-situation.ts'
export {
  ONE_TIME_KIND,
  type OneTimeConsent,
  oneTimeConsent,
  TOKEN_LIFE_MS,
} from './one-time-consent.ts'
export {
  findPersonalData,
  findSensitiveWords,
  type PersonalKind,
  type SensitiveKind,
} from './personal-data.ts'
export { NO_PAGE, quarantineId, type Unusable, unreadableFields } from './quarantine.ts'
export { type MessageReading, readMessage } from './read-message.ts'
export { type OptInItem, type OptInReading, readOptIn, type UnusableOptIn } from './read-opt-in.ts'
export { requestRules } from './request-rules.ts'
export type {
  RequestSettings,
  RequestSituation,
  RequestWords,
  RequestWorld,
  Strictness,
} from './request-situation.ts'
export { TITLE_UNITS_MAX } from './request-words.ts'
export { type Route, routeAsked, routes, type TakenRoute } from './route.ts'
export {
  type Evaluation,
  evaluate,
  type Finding,
  type Refusal,
  type Rule,
  type RuleSet,
  rulesVersionOf,
  type Source,
  type Verdict,
} from './rule.ts'
export { readTopicRules, writeTopicRules } from './topic-rule-list.ts'
export {
  type CompilePattern,
  inOrder,
  nameTopic,
  type TopicNaming,
  type TopicRule,
  type TopicRuleFields,
  topicRule,
} from './topic-rules.ts'
