/** What the control API takes about knobs. */
import { z } from 'zod'
import { isSituation, type Situation } from '../domain/faults.ts'
import { knobNames, namedKnob } from '../domain/named-knobs.ts'
import { digits, httpStatus } from './requests.ts'

const waitMs = z.int().min(0).max(600_000)
const situation = z.custom<Situation>(
  (name) => typeof name === 'string' && isSituation(name),
  'must name a situation of the table of faults',
)

const throttleCode = z.literal([4, 17, 32, 341, 613, 80006])

const struckAnswer = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('genuine') }),
  z.strictObject({ kind: z.literal('cut-connection') }),
  z.strictObject({
    kind: z.literal('error'),
    name: situation.optional(),
    status: httpStatus.optional(),
    code: z.int().optional(),
    subcode: z.int().optional(),
    message: z.string().optional(),
    transient: z.boolean().optional(),
  }),
  z.strictObject({
    kind: z.literal('throttle'),
    code: throttleCode.default(80006),
    status: httpStatus.default(400),
    regainMinutes: z.int().min(0).default(1),
  }),
  z.strictObject({ kind: z.literal('cut-json') }),
  z.strictObject({ kind: z.literal('html'), status: httpStatus.default(502) }),
  z.strictObject({ kind: z.literal('empty'), status: httpStatus.default(500) }),
])

/** Plain, so that a scenario can leave members out. */
export const knobSchema = z.strictObject({
  /** Stands for `deliver`, `answer` and what goes with them; given members replace it. */
  name: z
    .string()
    .refine((name) => namedKnob(name) !== null, {
      error: `must be of ${knobNames.join(', ')}, or a situation of the table of faults`,
    })
    .optional(),
  edge: z.string().min(1).optional(),
  pageId: digits.optional(),
  psid: digits.optional(),
  token: z.string().optional(),
  skip: z.int().min(0).optional(),
  times: z.int().min(1).nullable().optional(),
  share: z.number().min(0).max(1).optional(),
  deliver: z.boolean().optional(),
  waitBeforeMs: waitMs.optional(),
  waitAfterMs: waitMs.optional(),
  answer: struckAnswer.optional(),
  echo: z.enum(['present', 'absent', 'late', 'doubled']).optional(),
  echoDelayMs: waitMs.optional(),
})

type Said = Pick<z.output<typeof knobSchema>, 'name' | 'deliver' | 'answer'>

/** Finds fault with a knob that says what it does neither by its name nor by its members. */
export function checkKnob({ name, deliver, answer }: Said, context: z.RefinementCtx): void {
  if (name !== undefined) return
  const missing = Object.entries({ deliver, answer }).filter(([, value]) => value === undefined)
  for (const [path] of missing) {
    context.addIssue({ code: 'custom', path: [path], message: 'is needed without a name' })
  }
}

/** A knob that says what it does. */
export const wholeKnobSchema = knobSchema.superRefine(checkKnob)
