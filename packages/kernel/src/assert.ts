/** Ends an exhaustive switch: the compiler refuses a case that nobody handles. */
export function assertNever(value: never): never {
  throw new Error(`unhandled case: ${JSON.stringify(value)}`)
}

/** States an invariant. A failure is a bug, so it throws a plain error and the process ends. */
export function invariant(holds: boolean, statement: string): asserts holds {
  if (!holds) throw new Error(`invariant broken: ${statement}`)
}
