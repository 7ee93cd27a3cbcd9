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
const FORBIDDEN: readonly {
  readonly states: readonly State[]
  readonly events: readonly Event[]
  readonly because: string
}[] = [
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
const SELDOM: readonly { readonly states: readonly State[]; readonly events: readonly Event[] }[] =
  [
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

export const lifeMatrix: readonly Cell[] = STATES.flatMap((state) =>
  EVENTS.map((event) => {
    const forbidden = FORBIDDEN.find((rule) => has(rule, state, event))
    const isSeldom = SELDOM.some((rule) => has(rule, state, event))
    const standing = forbidden ? 'forbidden' : isSeldom ? 'seldom' : 'demanded'
    return { cell: `${state} × ${event}`, standing, because: forbidden?.because ?? null }
  }),
)

function has(
  rule: { readonly states: readonly State[]; readonly events: readonly Event[] },
  state: State,
  event: Event,
): boolean {
  return rule.states.includes(state) && rule.events.includes(event)
}
