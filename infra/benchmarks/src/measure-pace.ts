/**
 * `node infra/benchmarks/src/measure-pace.ts [--pages 3] [--rate 300] [--seconds 60]`: how much of
 * their pace pages use, how fairly, and whether the platform refuses a call for its rate. First
 * the machine's own ceiling, for on a small one no page comes to its pace: then the pace is lowered
 * to what the machine can do, and said so. Needs the engines; keeps figures under `.otn/bench`.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type PaceFigures, runPace } from './pace/pace-run.ts'

const FOLDER = join(import.meta.dirname, '../../..', '.otn/bench')
const CEILING_S = 15
/** Far above what any machine does. */
const UNBOUND = 10_000
/** What is left to a run at its pace of what the machine can do. */
const SHARE_OF_MACHINE = 0.7
/** More is asked for than may go out. */
const ASKED = 1.15
const GOAL = { slotsUsed: 0.97, fairness: 0.99, rateErrors: 0 }

const text = { type: 'string' } as const
const { values } = parseArgs({ options: { pages: text, rate: text, seconds: text, ceiling: text } })
const pages = Number(values.pages ?? 3)
const rate = Number(values.rate ?? 300)
const seconds = Number(values.seconds ?? 60)
const [{ model = 'unknown' } = {}] = cpus()
const say = (line: string) => console.log(line)

say(`${cpus().length} × ${model}, node ${process.version}`)
const machine = await ceiling()
const how = values.ceiling === undefined ? 'measured' : 'given, not measured'
say(`machine's ceiling (${how}): ${machine.toFixed(0)} messages/s over ${pages} pages`)
const pace = Math.max(1, Math.min(rate, Math.floor((SHARE_OF_MACHINE * machine) / pages)))
if (pace < rate) say(`${rate}/s for each page is beyond it: measured at ${pace}/s`)
const asked = Math.ceil(pace * ASKED)
const figures = await runPace({ pages, pace, asked, seconds, isLimited: true }, say)
print(figures)
mkdirSync(FOLDER, { recursive: true })
const kept = { pages, rate, pace, seconds, machine, ...figures, goal: GOAL }
writeFileSync(join(FOLDER, 'pace.json'), `${JSON.stringify(kept, null, 2)}\n`)

async function ceiling(): Promise<number> {
  if (values.ceiling !== undefined) return Number(values.ceiling)
  const unbound = { pages, pace: UNBOUND, asked: rate, seconds: CEILING_S, isLimited: false }
  const { perSecond } = await runPace(unbound, say)
  return perSecond.reduce((sum, one) => sum + one, 0)
}

function print({ perSecond, slotsUsed, fairness, rateErrors, ...rest }: PaceFigures): void {
  const verdict = (reached: boolean) => (reached ? 'reached' : 'missed')
  const { calls, mostInASecond } = rest
  say(`messages/s      ${perSecond.map((one) => one.toFixed(1)).join('  ')}   pace ${pace}`)
  const used = `${(100 * slotsUsed).toFixed(1)} %`
  say(`slots used      ${used}   goal ≥ 97 %: ${verdict(slotsUsed >= GOAL.slotsUsed)}`)
  say(`Jain fairness   ${fairness.toFixed(4)}   goal ≥ 0.99: ${verdict(fairness >= GOAL.fairness)}`)
  say(`rate errors     ${rateErrors} of ${calls} calls   goal 0: ${verdict(rateErrors === 0)}`)
  say(`most in a second of one page: ${mostInASecond}`)
}
