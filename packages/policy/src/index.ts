export { type MessageKind, messageKinds } from './message-kinds.ts'
export { notifyRules } from './notify-rules.ts'
export type { NotifySettings, NotifySituation, NotifyWords } from './notify-situation.ts'
export {
  findPersonalData,
  findSensitiveWords,
  type PersonalKind,
  type SensitiveKind,
} from './personal-data.ts'
export { type MessageReading, readMessage } from './read-message.ts'
export { requestRules, TITLE_UNITS_MAX } from './request-rules.ts'
export type {
  RequestSettings,
  RequestSituation,
  RequestWords,
  RequestWorld,
  Strictness,
} from './request-situation.ts'
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
