import type { SetUpFault } from './set-up-fault.ts'

/** What a call of set-up came to. A refusal is a value: whoever sets up is told what to do next. */
export type SetUpResult<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'refused'; readonly fault: SetUpFault }

export function done<T>(value: T): SetUpResult<T> {
  return { kind: 'done', value }
}

export function refusedFor(fault: SetUpFault): SetUpResult<never> {
  return { kind: 'refused', fault }
}
