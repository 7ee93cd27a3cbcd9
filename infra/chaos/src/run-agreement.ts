/**
 * `node infra/chaos/src/run-agreement.ts [--situations N] [--seed N]`: what services and simulator
 * decide about random situations, and whether the dry run had told it. Exits with 1 where something
 * was sent that the simulator refuses for a rule, or the dry run was wrong.
 */
import { parseArgs } from 'node:util'
import { reportTable, stricter, wronglySent } from './agreement/report.ts'
import { runAgreement } from './agreement/run-agreement.ts'
import { STRICTER, UNTOLD } from './agreement/verdicts.ts'

const MISMATCHES_SHOWN = 5

const { values } = parseArgs({
  options: {
    situations: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '6' },
  },
})

const [situations, seed] = [values.situations, values.seed].map(Number)
if (!situations || !seed) throw new Error('--situations and --seed want whole numbers above 0')
const report = await runAgreement({ seed, situations })
console.log(reportTable(report))
const wrong = wronglySent(report, UNTOLD)
const unnamed = stricter(report).filter(
  ({ by }) => !Object.hasOwn(STRICTER, by.split(' ')[0] ?? ''),
)
for (const { by, count } of wrong) console.log(`sent although refused: ${by} (${count})`)
for (const { by, count } of unnamed) console.log(`held by no named rule: ${by} (${count})`)
for (const mismatch of report.mismatches.slice(0, MISMATCHES_SHOWN)) console.log(mismatch)
process.exitCode = wrong.length + unnamed.length + report.mismatches.length === 0 ? 0 : 1
