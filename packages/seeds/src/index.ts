export { faq } from './faq/faq.ts'
export type { FaqEntry } from './faq/faq-entry.ts'
export type { Mention } from './find-mentions.ts'
export type { RuleTest } from './find-rule-tests.ts'
export {
  type Owner,
  ownerOf,
  owners,
  type Part,
  type Requirement,
  sharersOf,
} from './requirement.ts'
export { requirements } from './requirements.ts'
export {
  type OwnerSummary,
  type Result,
  type SeedsInput,
  type SeedsReport,
  type SeedsRow,
  type Share,
  type ShownBy,
  seedsReport,
  type TestResult,
} from './seeds-report.ts'
export { type RanTest, readTestRuns, type TestRun, type TestRuns, withRun } from './test-runs.ts'
