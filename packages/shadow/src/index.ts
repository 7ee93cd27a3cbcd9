export {
  compareRules,
  type Difference,
  type Differing,
  type RulesReport,
  type Window,
} from './compare-rules.ts'
export {
  type AnswersReport,
  type DifferingAnswer,
  replayAnswers,
  type ShadowRow,
} from './replay-answers.ts'
export { type Replay, replayRules } from './replay-rules.ts'
export { SHADOW_TOPICS, type ShadowRecord, type ShadowTopic } from './shadow-record.ts'
export type { Decision, ShadowRules } from './shadow-rules.ts'
export type { PayloadOf } from './shadow-world.ts'
