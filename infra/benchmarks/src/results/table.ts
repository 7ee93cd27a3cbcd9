/** A run as people read it in a terminal. */
import { type Answer, aimed, type Run, told } from './run.ts'

const UNIT = { cpuUs: 'CPU', wallUs: 'wall' } as const

export function tableOf({ benchmark, sentence, machine, answers, rounds }: Run): readonly string[] {
  return [
    `${benchmark}: ${sentence}`,
    `  ${machine}, ${rounds.length} rounds`,
    ...answers.flatMap(linesOf),
    ...medians(rounds),
  ]
}

function linesOf(answer: Answer): readonly string[] {
  const { question, ratio, control, word } = answer
  const aim = aimed(question)
  const verdict = {
    reached: `goal ${aim}: reached`,
    missed: `goal ${aim}: missed`,
    open: `goal ${aim}: within the interval, not decided`,
    void: 'void: the control is wider than ± 5 %, nothing is claimed',
    told: '',
  }[word]
  const figures = `${told(ratio)}   control ${UNIT[question.metric]} ${told(control)}`
  return [`  ${question.name}`, `    ${figures}   ${verdict}`.trimEnd()]
}

/** Of this machine alone; the ratios are what may be compared. */
function medians(rounds: Run['rounds']): readonly string[] {
  const names = Object.keys(rounds[0] ?? {})
  return names.map((name) => {
    const median = (metric: 'cpuUs' | 'wallUs') => {
      const figures = rounds.map((round) => round[name]?.[metric] ?? 0).toSorted((a, b) => a - b)
      return (figures[Math.floor(figures.length / 2)] ?? 0).toFixed(1).padStart(9)
    }
    return `  ${name.padEnd(28)} CPU ${median('cpuUs')} µs   wall ${median('wallUs')} µs per unit`
  })
}
