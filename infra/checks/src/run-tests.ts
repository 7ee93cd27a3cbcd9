/**
 * `pnpm test` (all) and `pnpm check` (what needs no engine): runs the stages in order, prints what
 * each took, and closes with `N passed, N failed`. A stage that saw nothing to check has failed.
 */
import { runStage, type StageResult } from './run-stage.ts'
import { stagesOf } from './stages.ts'

const which = process.argv[2] === 'check' ? 'check' : 'all'
const results: StageResult[] = []

for (const stage of stagesOf(which)) {
  console.log(`\n▶ ${stage.name}`)
  const result = await runStage(stage)
  results.push(result)
  const mark = result.failed === 0 ? '✔' : '✖'
  console.log(
    `${mark} ${stage.name}: ${result.passed} passed, ${result.failed} failed, ${result.seconds} s`,
  )
}

const passed = results.reduce((sum, result) => sum + result.passed, 0)
const failed = results.reduce((sum, result) => sum + result.failed, 0)
console.log('\nstage                    passed  failed  seconds')
for (const { name, ...row } of results) {
  const cells = [row.passed, row.failed, row.seconds].map((cell) => String(cell).padStart(7))
  console.log(`${name.padEnd(24)}${cells.join(' ')}`)
}
console.log(`\n${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 && passed > 0 ? 0 : 1
