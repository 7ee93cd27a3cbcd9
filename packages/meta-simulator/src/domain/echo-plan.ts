import type { EchoFate } from './knobs.ts'
import type { Switches } from './switches.ts'

/** What a knob wants to become of an echo. */
export interface EchoPlan {
  readonly fate: EchoFate
  /** Real milliseconds that a late echo is held back. */
  readonly delayMs: number
}

export interface EchoPosts {
  readonly switches: Switches
  /** One post for each, after so many real milliseconds. */
  readonly delaysMs: readonly number[]
}

const AT_ONCE = [0]
const TWICE = [0, 0]

/** The posts that an event of a fact leads to. Without a plan the switches decide. */
export function echoPosts(plan: EchoPlan | undefined, switches: Switches): EchoPosts {
  if (plan === undefined) return { switches, delaysMs: AT_ONCE }
  const told = { ...switches, echo: true, echoOnTokenSend: true }
  switch (plan.fate) {
    case 'absent':
      return { switches: told, delaysMs: [] }
    case 'present':
      return { switches: told, delaysMs: AT_ONCE }
    case 'late':
      return { switches: told, delaysMs: [plan.delayMs] }
    case 'doubled':
      return { switches: told, delaysMs: TWICE }
  }
}
