/** What `decide` answers: facts to append (none = nothing left to do), or a reason why not. */
export type Decision<Event, Reason extends string> =
  | { readonly outcome: 'accepted'; readonly events: readonly Event[] }
  | { readonly outcome: 'refused'; readonly reason: Reason }

/** How state follows from facts. Total: `evolve` never throws, refuses or logs. */
export interface Fold<State, Event> {
  readonly initialState: State
  readonly evolve: (state: State, event: Event) => State
}

/** The state after all of `events`, in their order. */
export function fold<State, Event>(
  { initialState, evolve }: Fold<State, Event>,
  events: Iterable<Event>,
): State {
  let state = initialState
  for (const event of events) state = evolve(state, event)
  return state
}

export function accept<Event>(...events: readonly Event[]): Decision<Event, never> {
  return { outcome: 'accepted', events }
}

export function refuse<Reason extends string>(reason: Reason): Decision<never, Reason> {
  return { outcome: 'refused', reason }
}
