/** What a scenario may say. A scenario is a file; everything that plays it reads it by this. */
import { z } from 'zod'

import { actSchema } from '../control/act-requests.ts'
import { checkKnob, knobSchema } from '../control/knob-requests.ts'
import { switchesSchema } from '../control/requests.ts'
import { webhookWeatherSchema } from '../control/webhook-requests.ts'
import { duration } from './duration.ts'

/** A nickname; whoever is named first joins as somebody new. */
const who = z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, 'must be a nickname such as "ada"')
const page = z.int().min(0).default(0)
/** A sentence for whoever watches. */
const says = z.string().max(500).optional()
const count = z.int().min(0)
const WITHIN_MS_MAX = 600_000

/** Facts about one person or about the webhooks; what is left out is not looked at. */
const facts = {
  who: who.optional(),
  /** The states of all tokens of the person, in the order they were granted. */
  tokens: z.array(z.enum(['ISSUED', 'SPENT', 'EXPIRED'])).optional(),
  /** Texts of the messages that really reached the person with a token, in their order. */
  received: z.array(z.string()).optional(),
  calls: count.optional(),
  windowOpen: z.boolean().optional(),
  blocked: z.boolean().optional(),
  deleted: z.boolean().optional(),
  stopped: z.boolean().optional(),
  webhooks: z
    .strictObject({
      waiting: count.optional(),
      disabled: z.boolean().optional(),
      alerts: z.array(z.enum(['webhooks-failing', 'webhooks-disabled'])).optional(),
      /** Events lost since the scenario began. */
      lost: count.optional(),
    })
    .optional(),
} as const

const steps = [
  z.strictObject({
    do: z.literal('ask'),
    who,
    page,
    title: z.string().optional(),
    payload: z.string().default('otn1:scenario:'),
    says,
  }),
  z.strictObject({
    do: z.literal('tap'),
    who,
    /** How often, one after the other. */
    times: z.int().min(1).max(100).default(1),
    /** Whether the simulator is to refuse it, as it does a second tap. */
    refused: z.boolean().default(false),
    says,
  }),
  z.strictObject({ do: z.literal('act'), who, page, act: actSchema.shape.act, says }),
  z.strictObject({
    do: z.literal('send'),
    who,
    text: z.string(),
    /** The person's token by its place, 0 = the first; the newest when absent. */
    token: count.optional(),
    /** What the caller is to learn: accepted, refused with a code, or nothing at all. */
    learns: z.union([z.enum(['accepted', 'refused', 'nothing']), z.string()]).optional(),
    says,
  }),
  z.strictObject({
    do: z.literal('weather'),
    webhooks: webhookWeatherSchema.optional(),
    /** Strikes calls for this person only when `who` is given. */
    calls: knobSchema
      .omit({ pageId: true, psid: true, token: true })
      .superRefine(checkKnob)
      .optional(),
    who: who.optional(),
    switches: switchesSchema.optional(),
    /** Ends all knobs and bad weather first; switches stay. */
    clear: z.boolean().default(false),
    says,
  }),
  z.strictObject({
    do: z.literal('clock'),
    advance: duration,
    /** In jumps of this length, with a look at the webhooks after each; one jump when absent. */
    every: duration.optional(),
    says,
  }),
  z.strictObject({ do: z.literal('subscribe'), says }),
  z.strictObject({
    do: z.literal('wait-for'),
    ...facts,
    /** Of real time. */
    within: duration.pipe(z.number().max(WITHIN_MS_MAX, 'must be at most 10 min')).default(10_000),
    says,
  }),
  z.strictObject({ do: z.literal('expect'), ...facts, says }),
] as const

const STEPS_MAX = 500

export const scenarioSchema = z.strictObject({
  name: z.string().min(1).max(100),
  says: z.string().max(1_000),
  steps: z.array(z.discriminatedUnion('do', steps)).min(1).max(STEPS_MAX),
})

export type Scenario = z.output<typeof scenarioSchema>
export type Step = Scenario['steps'][number]
/** The step of one kind. */
export type StepOf<Kind extends Step['do']> = Extract<Step, { readonly do: Kind }>
/** What a step claims to be true. */
export type Claim = Omit<StepOf<'expect'>, 'do' | 'says'>
