/** A run as people read it in a terminal. */
import type { Metric } from '../measure/sample.ts'
import { type Answer, aimed, type Run, told } from './run.ts'

const UNIT = { cpuUs: 'CPU', wallUs: 'wall', p99Us: 'p99' } as const

export function tableOf(run: Run): readonly string[] {
  const { benchmark, sentence, machine, answers, remarks, rounds, isFull } = run
  return [
    `${benchmark}: ${sentence}`,
    `  ${machine}, ${rounds.length} rounds`,
    ...answers.flatMap((answer) => linesOf(answer, isFull)),
    ...remarks.map((remark) => `  ${remark}`),
    ...medians(rounds),
  ]
}

function linesOf(answer: Answer, isFull: boolean): readonly string[] {
  const { question, ratio, control, word } = answer
  const aim = aimed(question)
  const verdict = {
    reached: `goal ${aim}: reached`,
    missed: `goal ${aim}: missed`,
    open: `goal ${aim}: within the interval, not decided`,
    void: 'void: the control is wider than ± 5 %, nothing is claimed',
    told: '',
  }[isFull ? word : 'told']
  const figures = `${told(ratio)}   control ${UNIT[question.metric]} ${told(control)}`
  return [`  ${question.name}`, `    ${figures}   ${verdict}`.trimEnd()]
}

/** Of this machine alone; the ratios are what may be compared. */
function medians(rounds: Run['rounds']): readonly string[] {
  return Object.entries(rounds[0] ?? {}).map(([name, sample]) => {
    const median = (metric: Metric) => {
      const figures = rounds.map((round) => round[name]?.[metric] ?? 0).toSorted((a, b) => a - b)
      return (figures[Math.floor(figures.length / 2)] ?? 0).toFixed(1).padStart(9)
    }
    const late = sample.p99Us === undefined ? '' : `   p99 ${median('p99Us')} µs`
    const usual = `CPU ${median('cpuUs')} µs   wall ${median('wallUs')} µs a unit`
    return `  ${name.padEnd(34)} ${usual}${late}`
  })
}
