/** The four rules of the layout, and those inside a service. Arrows point down only. */
const TESTS = '(\\.test|\\.property\\.test|\\.type\\.test|\\.conformance)\\.ts$|/test/'

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'A cycle has no first file to read.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'services-do-not-know-each-other',
      severity: 'error',
      comment: 'Services meet on Kafka topics and the query API only.',
      from: { path: '^services/([^/]+)/' },
      to: { path: '^services/', pathNot: '^services/$1/' },
    },
    {
      name: 'decisions-are-for-the-simulation',
      severity: 'error',
      comment: 'Everybody else reaches a service by its front door.',
      from: { pathNot: '^infra/chaos/' },
      to: { path: '^services/[^/]+/src/decisions\\.ts$' },
    },
    {
      name: 'packages-do-not-know-services',
      severity: 'error',
      comment: 'A package serves services and cannot depend on one.',
      from: { path: '^packages/' },
      to: { path: '^(services|infra)/' },
    },
    {
      name: 'the-domain-is-pure',
      severity: 'error',
      comment: 'A domain file reaches its own folder, the kernel, the policy and contract types.',
      from: { path: '^services/[^/]+/src/domain/', pathNot: TESTS },
      to: {
        pathNot: [
          '^services/[^/]+/src/domain/',
          '^packages/(kernel|policy)/src/',
          '^packages/contracts/src/',
        ],
      },
    },
    {
      name: 'the-kernel-imports-nothing',
      severity: 'error',
      from: { path: '^packages/kernel/src/', pathNot: TESTS },
      to: { pathNot: '^packages/kernel/src/' },
    },
    {
      name: 'the-policy-is-pure',
      severity: 'error',
      comment: 'Rules ask no clock, nobody and no chance; a situation is all they see.',
      from: { path: '^packages/policy/src/', pathNot: TESTS },
      to: { pathNot: '^packages/(policy|kernel|contracts)/src/' },
    },
    {
      name: 'kafkajs-only-in-the-bus',
      severity: 'error',
      comment: 'kafkajs loses acknowledged records unless it is used in one way only.',
      from: {
        path: '^(services|packages|infra)/',
        // What ours is measured against is kafkajs as it comes.
        pathNot: ['^packages/bus/', '/test/', '^infra/benchmarks/src/(baselines|servers)/'],
      },
      to: { path: '(^|node_modules/)kafkajs(/|$)' },
    },
    {
      name: 'the-judge-shares-no-code-with-the-judged',
      severity: 'error',
      from: { path: '^packages/meta-simulator/src/' },
      to: { path: '^packages/', pathNot: '^packages/(meta-simulator|kernel|runtime)/' },
    },
    {
      name: 'the-auditor-shares-no-code-with-the-audited',
      severity: 'error',
      comment: 'What ledger and dispatcher get wrong, the auditor must not get wrong with them.',
      from: { path: '^packages/auditor/src/', pathNot: TESTS },
      to: { path: '^packages/', pathNot: '^packages/(auditor|kernel|contracts|bus|runtime)/' },
    },
    {
      name: 'handlers-see-no-adapter',
      severity: 'error',
      comment: 'Only service.ts and opening/ join handlers with adapters.',
      from: { path: '^services/[^/]+/src/handlers/', pathNot: TESTS },
      to: { path: '^services/[^/]+/src/(adapters|opening|service|main)' },
    },
    {
      name: 'adapters-see-no-handler',
      severity: 'error',
      from: { path: '^services/[^/]+/src/adapters/', pathNot: TESTS },
      to: { path: '^services/[^/]+/src/(handlers|opening|service|main)' },
    },
    {
      name: 'the-opening-alone-joins',
      severity: 'error',
      comment: 'Only service.ts and opening/ join handlers with adapters; decisions.ts names them.',
      from: {
        path: '^services/[^/]+/src/',
        pathNot: [
          '^services/[^/]+/src/(adapters/|handlers/|opening/|(service|decisions)\\.ts)',
          TESTS,
        ],
      },
      to: { path: '^services/[^/]+/src/(adapters|handlers|opening)/' },
    },
    {
      name: 'development-tools-stay-out-of-services',
      severity: 'error',
      from: {
        path: '^(services|packages)/[^/]+/src/',
        pathNot: ['^packages/(engines|testing)/', TESTS],
      },
      to: { path: '^packages/(engines|testing)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(node_modules/\\.pnpm/(?!kafkajs)|dist/|fixtures/)' },
    tsConfig: { fileName: 'infra/tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'default'] },
  },
}
