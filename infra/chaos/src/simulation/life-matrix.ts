/** States of a command × what may happen to it: each cell is reached, or forbidden by a rule. */
const STATES = ['open', 'attempting', 'unknown', 'probing', 'in-doubt', 'sent', 'failed'] as const

const EVENTS = [
  'the command',
  'another command',
  'due',
  'lease lapsed',
  'answered sent',
  'answered not-sent',
  'answered refused',
  'answered token-used',
  'answered unknown',
  'answered unlisted',
  'echo',
] as const

type State = (typeof STATES)[number]
type Event = (typeof EVENTS)[number]

const ALL_ANSWERS = EVENTS.filter((event) => event.startsWith('answered'))

/** Why a cell cannot be: what the protocol never lets happen. */
const FORBIDDEN: readonly (Rule & { readonly because: string })[] = [
  {
    states: ['open', 'unknown', 'probing', 'in-doubt', 'sent', 'failed'],
    events: ['lease lapsed'],
    because: 'a lease lapses of an attempt that is under way, and of no other',
  },
  {
    states: ['open', 'failed'],
    events: ALL_ANSWERS,
    because: 'both mean that no call is unanswered: it was closed by its own outcome',
  },
  {
    states: ['open', 'failed'],
    events: ['echo'],
    because: 'released and failed mean that nothing went out, so that nothing is echoed',
  },
]

/** Cells that only chance reaches, and too seldom to be waited for: told, not demanded. */
const SELDOM: readonly Rule[] = [
  // Who stood still in its call brings an answer home that nobody waits for any more (K15b).
  { states: ['unknown', 'probing', 'in-doubt', 'sent'], events: ALL_ANSWERS },
  { states: ['unknown', 'probing', 'in-doubt'], events: ['another command', 'the command'] },
  { states: ['attempting'], events: ['another command'] },
  { states: ['probing', 'in-doubt'], events: ['echo', 'due'] },
]

export interface Cell {
  readonly cell: string
  readonly standing: 'demanded' | 'seldom' | 'forbidden'
  readonly because: string | null
}

/** What happens to questions often enough to be waited for: fewer worlds have one. */
const OFTEN_ASKED: readonly Rule[] = [
  { states: ['open'], events: ['the command', 'another command', 'due'] },
  {
    states: ['attempting'],
    events: ['answered sent', 'answered not-sent', 'answered refused', 'answered unknown', 'echo'],
  },
  { states: ['unknown'], events: ['due'] },
  { states: ['sent'], events: ['the command', 'another command', 'echo'] },
  { states: ['failed'], events: ['the command', 'another command'] },
]

/** Of messages, then of questions. */
export const lifeMatrix: readonly Cell[] = [false, true].flatMap((asks) =>
  STATES.flatMap((state) =>
    EVENTS.map((event) => {
      const is = (rules: readonly Rule[]) => rules.find((rule) => has(rule, state, event))
      const forbidden = FORBIDDEN.find((rule) => has(rule, state, event))
      const isSeldom = asks ? !is(OFTEN_ASKED) : is(SELDOM)
      const standing = forbidden ? 'forbidden' : isSeldom ? 'seldom' : 'demanded'
      const cell = `${asks ? 'request ' : ''}${state} × ${event}`
      return { cell, standing, because: forbidden?.because ?? null }
    }),
  ),
)

interface Rule {
  readonly states: readonly State[]
  readonly events: readonly Event[]
}

function has(rule: Rule, state: State, event: Event): boolean {
  return rule.states.includes(state) && rule.events.includes(event)
}
