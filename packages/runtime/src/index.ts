export { type BusinessClock, followClock, systemClock } from './clock/business-clock.ts'
export { busAnswerLost } from './faults/bus-answer-lost.ts'
export { type FaultTable, faultPointFaults } from './faults/fault-table.ts'
export { type Faults, openFaults } from './faults/faults.ts'
export {
  type ApiKey,
  findApiKey,
  readApiKeys,
  SCOPES,
  type Scope,
} from './http/api-keys.ts'
export { authorize } from './http/authorize.ts'
export { type Readiness, serveHealth } from './http/health.ts'
export { type ListenAddress, listen } from './http/listen.ts'
export { serveOpenApi } from './http/openapi.ts'
export { type Problem, problem, problemOf, problemSchema, statusOf } from './http/problem.ts'
export { logRequests } from './http/request-log.ts'
export {
  createHttpServer,
  defaultHttpLimits,
  type HttpLimits,
  type HttpServer,
  type ZodTypeProvider,
} from './http/server.ts'
export { type RunningService, runService, type ServiceShell } from './lifecycle/run-service.ts'
export { untilReachable } from './lifecycle/until-reachable.ts'
export { type MongodbAccess, mongodbOptions } from './settings/mongodb-options.ts'
export {
  type Declarations,
  describeFaults,
  printableSettings,
  readSettings,
  type SettingFault,
  type Values,
} from './settings/read-settings.ts'
export type { Setting } from './settings/setting.ts'
export * as setting from './settings/setting.ts'
export {
  apiKeySettings,
  appSecrets,
  identitySettings,
  kafkaSettings,
  metaSettings,
  modeSettings,
  mongodbSettings,
  optionalApiKeySettings,
  pepperKey,
} from './settings/shared-settings.ts'
export { unsafeSettings } from './settings/unsafe-settings.ts'
export { firstRevision } from './store/first-revision.ts'
export { noUsableAnswer, refusedByMongodb } from './store/refused-by-mongodb.ts'
export { describeError, type ErrorDescription } from './telemetry/describe-error.ts'
export { createLog, type Log } from './telemetry/log.ts'
export { Counter, createMetrics, Gauge, Histogram, type Metrics } from './telemetry/metrics.ts'
