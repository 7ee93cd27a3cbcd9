/**
 * `pnpm test` (all) and `pnpm check` (what needs no engine): runs the stages in order, prints what
 * each took, says once more at the end what went wrong, and closes with `N passed, N failed`. A
 * stage that saw nothing to check has failed.
 */
import { runStage, type StageResult } from './run-stage.ts'
import { stagesOf } from './stages.ts'
import { SECOND_TRIES_MAX } from './what-went-wrong.ts'

const which = process.argv[2] === 'check' ? 'check' : 'all'
const results: StageResult[] = []

for (const stage of stagesOf(which)) {
  console.log(`\n▶ ${stage.name}`)
  const result = await runStage(stage)
  results.push(result)
  const { name, passedCount, failedCount, seconds } = result
  const mark = failedCount === 0 ? '✔' : '✖'
  console.log(`${mark} ${name}: ${passedCount} passed, ${failedCount} failed, ${seconds} s`)
}

const passed = results.reduce((sum, { passedCount }) => sum + passedCount, 0)
let failed = results.reduce((sum, { failedCount }) => sum + failedCount, 0)
console.log('\nstage                    passed  failed  seconds')
for (const { name, passedCount, failedCount, seconds } of results) {
  const cells = [passedCount, failedCount, seconds].map((cell) => String(cell).padStart(7))
  console.log(`${name.padEnd(24)}${cells.join(' ')}`)
}

const secondTries = results.flatMap(({ secondTry }) => secondTry)
tellAll('could not be carried out at first, passed when tried again', secondTries)
tellAll(
  'failed',
  results.flatMap((result) => result.failed),
)
if (secondTries.length > SECOND_TRIES_MAX) {
  console.log(`\n${secondTries.length} second tries; more than ${SECOND_TRIES_MAX} fail the run`)
  failed += 1
}
console.log(`\n${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 && passed > 0 ? 0 : 1

function tellAll(what: string, told: readonly string[]): void {
  if (told.length > 0) console.log(`\n${what}: ${told.length}\n${told.join('\n')}`)
}
