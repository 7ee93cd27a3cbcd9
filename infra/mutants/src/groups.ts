/** What is mutated, and which tests have to notice: those beside the rules, nothing behind them. */
export interface Group {
  readonly name: string
  /** Globs of the files that are mutated. */
  readonly sources: readonly string[]
  /** Globs of the tests that judge them. */
  readonly tests: readonly string[]
}

const DISPATCHER = 'services/dispatcher/src/domain'
const LEDGER = 'services/token-ledger/src/domain'
const INGRESS = 'services/ingress/src'
const GRAPH = 'packages/graph-api/src'
const AUDITOR = 'packages/auditor/src'
const POLICY = 'packages/policy/src'

/** Folds of the dispatcher; the other files of its domain decide. */
const DISPATCHER_FOLDS = `${DISPATCHER}/{command,document,fold-facts,page}.ts`

/** Which of two facts holds, for every fold. */
const LATEST = 'packages/kernel/src/latest.ts'

export const groups: readonly Group[] = [
  {
    name: 'decide',
    sources: [`${DISPATCHER}/!(*.test).ts`, `!${DISPATCHER_FOLDS}`],
    tests: [`${DISPATCHER}/*.test.ts`],
  },
  {
    name: 'evolve',
    sources: [DISPATCHER_FOLDS, `${LEDGER}/!(*.test).ts`, LATEST],
    tests: [`${DISPATCHER}/*.test.ts`, `${LEDGER}/*.test.ts`, 'packages/kernel/src/latest.test.ts'],
  },
  {
    name: 'policy',
    sources: [`${POLICY}/!(*.test|index|sources).ts`],
    // Thousands of cases, and the stand-in of the platform, take too long for each mutant.
    tests: [`${POLICY}/!(*.property).test.ts`],
  },
  {
    name: 'classify',
    sources: [
      `${GRAPH}/{answer-row,answer-table,classify,read-error,parse-answer,wait-ms,usage}.ts`,
      `${GRAPH}/answer-rows/*.ts`,
    ],
    // The walk over a million codes takes a second for each mutant, and kills none alone.
    tests: [
      `${GRAPH}/{answer-table,classify,classify.property,documented-codes}.test.ts`,
      `${GRAPH}/{parse-answer,read-error,usage}.test.ts`,
    ],
  },
  {
    name: 'verify',
    sources: [
      `${INGRESS}/domain/{signature-header,handshake}.ts`,
      `${INGRESS}/adapters/{authenticator-hmac,verify-token-digest}.ts`,
      `${GRAPH}/{metadata,appsecret-proof}.ts`,
    ],
    tests: [
      `${INGRESS}/domain/{signature-header,handshake}.test.ts`,
      `${INGRESS}/adapters/{authenticator-hmac,verify-token-digest}.test.ts`,
      `${GRAPH}/{metadata,appsecret-proof}.test.ts`,
    ],
  },
  {
    name: 'audit',
    sources: [`${AUDITOR}/!(*.test|index).ts`, `${AUDITOR}/rules/*.ts`],
    // The properties take ten seconds for each mutant that lives; lives.test.ts has the same lives
    // and bugs in a second.
    tests: [`${AUDITOR}/!(*.property).test.ts`],
  },
]
