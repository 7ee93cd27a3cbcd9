/** What `pnpm test` runs, in this order: cheap and general first. */
export interface Stage {
  readonly name: string
  /** A program of node_modules/.bin with its arguments. */
  readonly command: readonly [string, ...string[]]
  /** `tests`: counts come from the runner's report. `tool`: one check, by exit code and output. */
  readonly kind: 'tests' | 'tool'
  /** For a tool: the output must match, or it saw nothing to check. */
  readonly sawSomething?: RegExp
  readonly needsEngines: boolean
}

const tool = (name: string, command: Stage['command'], sawSomething: RegExp): Stage => ({
  name,
  command,
  sawSomething,
  kind: 'tool',
  needsEngines: false,
})

/** @param needsEngines or more time than a check before a commit has */
const tests = (project: string, needsEngines: boolean): Stage => ({
  name: `${project} tests`,
  command: ['vitest', 'run', '--config', 'infra/vitest.config.ts', '--project', project],
  kind: 'tests',
  needsEngines,
})

const STAGES: readonly Stage[] = [
  tool('format and lint', ['biome', 'ci', '--error-on-warnings', '.'], /Checked [1-9]\d* files/),
  tool('types', ['tsc', '-p', 'infra/tsconfig.json', '--diagnostics'], /Files:\s+[1-9]/),
  tool(
    'dependency rules',
    ['depcruise', '--config', '.dependency-cruiser.cjs', 'services', 'packages', 'infra'],
    /[1-9]\d* modules/,
  ),
  tool('unused code', ['knip', '--config', '.knip.json', '--debug'], /\.ts/),
  tool(
    'generated is current',
    ['node', 'infra/checks/src/codegen.ts', '--check'],
    /[1-9]\d* files/,
  ),
  tests('unit', false),
  tests('simulation', true),
  tests('integration', true),
  tests('e2e', true),
  tests('browser', true),
  tests('faults', true),
]

export function stagesOf(which: 'check' | 'all'): readonly Stage[] {
  return STAGES.filter(({ needsEngines }) => which === 'all' || !needsEngines)
}
