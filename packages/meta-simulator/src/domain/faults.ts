/**
 * Every "no" of the Graph side in one table, by the name of its situation. Codes marked *guess*
 * are documented nowhere for One-Time Notifications; each row can be replaced by a switch, because
 * the caller must survive whatever Meta really answers. Texts are never a promise: a caller that
 * reads them is wrong.
 */
import type { Fault } from './fault.ts'
import { accessFaults } from './faults-of-access.ts'
import { bodyFaults } from './faults-of-body.ts'
import { deliveryFaults } from './faults-of-delivery.ts'
import { limitFaults } from './faults-of-limits.ts'
import { tokenFaults } from './faults-of-tokens.ts'

const FAULTS = {
  ...accessFaults,
  ...bodyFaults,
  ...limitFaults,
  ...deliveryFaults,
  ...tokenFaults,
} as const satisfies Readonly<Record<string, Fault>>

/** The situations that are answered with an error; each can be given another answer. */
export type Situation = keyof typeof FAULTS

/** Other answers for single situations, member by member. */
export type AnswerVariants = Readonly<Partial<Record<Situation, Partial<Fault>>>>

/** Every situation that has an answer of its own. */
export const situations: ReadonlySet<string> = new Set(Object.keys(FAULTS))

/** Whether a text names a situation. */
export function isSituation(name: string): name is Situation {
  return situations.has(name)
}

/** The answer for a situation; `detail` names what was wrong, where the text has room for it. */
export function faultOf(situation: Situation, variants: AnswerVariants, detail = ''): Fault {
  const fault: Fault = { ...FAULTS[situation], ...variants[situation] }
  return { ...fault, message: fault.message.replace('{detail}', () => detail) }
}
