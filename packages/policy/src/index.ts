export { readMayNotify, writeMayNotify } from './may-notify.ts'
export {
  findPersonalData,
  findSensitiveWords,
  type PersonalKind,
  type SensitiveKind,
} from './personal-data.ts'
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
