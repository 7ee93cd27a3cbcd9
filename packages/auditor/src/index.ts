/** The independent auditor: what the log says, held against what is promised. */
export { AUDITED_TOPICS, type AuditedTopic, type AuditRecord, type Place } from './audit-record.ts'
export { type AuditState, evolve, newAudit } from './audit-state.ts'
export { finalOf, isInDoubt } from './command-facts.ts'
export { commandKeyOf } from './fact.ts'
export {
  type Count,
  countOf,
  type Finding,
  type FindingCode,
  invariants,
  type Severity,
} from './finding.ts'
export { type CommandCounts, collapse, countCommands, findings } from './findings.ts'
export { compareTruth, type Delivery, type HiddenTruth } from './hidden-truth.ts'
export { defaultLimits, type Limits } from './limits.ts'
export {
  type AuditedLog,
  type AuditOptions,
  auditLog,
  createFolding,
  type Folding,
} from './shell/audit-log.ts'
export { type FollowAudit, followAudit, type WritableLog } from './shell/follow-audit.ts'
export { type SummaryInput, summaryLine } from './summary.ts'
