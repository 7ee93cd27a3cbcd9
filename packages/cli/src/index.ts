/** What the command line does, for programs. */
export { type ApplyTopicsOptions, applyTopics } from './log/apply-topics.ts'
export { publishSchemasTo, type SchemasReport } from './log/publish-schemas.ts'
export { type ImportInput, type ImportReport, importPages } from './pages/import-pages.ts'
export type { PageEntry } from './pages/page-entry.ts'
