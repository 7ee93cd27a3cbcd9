/** A ledger that has not read yet what became of a token: chance alone seldom asks it just then. */
import { ANSWERS } from './answers.ts'
import { CALM } from './climate.ts'
import { payingQuestion } from './scenes.ts'
import type { Cue } from './script.ts'
import type { WorldOptions } from './world.ts'

/** The message comes once the question has let the token go: neither may be refused for it. */
export function* releasedUnread(count: number): Generator<WorldOptions> {
  const cues = [1, 2, 3].map((nth): Cue => {
    return { by: 'outside', call: 'log.append notify', nth, fault: 'refused' }
  })
  const answers = ANSWERS.filter(({ name }) => name === 'person-unavailable 551')
  const climate = { ...CALM, slow: 0.15, echo: 0 }
  const common = { workload: payingQuestion, climate, chaosSteps: 1_500, answers, cues }
  for (let seed = 1; seed <= count; seed += 1) yield { seed, ...common }
}
