/**
 * Who has what share of the pace of a page: all dispatchers together call no faster than one may.
 * Pure; instants are the store's, ms.
 */

/** What one process has, and until when unless it is renewed. */
export interface Holder {
  readonly worker: string
  /** 0 to 1. */
  readonly share: number
  /** It could use more. */
  readonly isShort: boolean
  readonly until: number
}

export interface ShareWish {
  readonly worker: string
  /** What it can use, 0 to 1. */
  readonly need: number
  readonly nowMs: number
}

/** Before anybody knows what it will need: the other half is left to whoever comes. */
export const FIRST_SHARE = 0.5
/** What is kept however little is used: a page begins to call at once. */
const LEAST_SHARE = 0.1

/** Those who still have something. */
export function holding(holders: readonly Holder[], nowMs: number): readonly Holder[] {
  return holders.filter(({ until }) => until > nowMs)
}

/**
 * The share that a process may have: never more than others leave, so all shares together are never
 * more than the whole; where several could use more, each comes down to an equal part of what is
 * left by those who could not.
 */
export function shareFor(
  holders: readonly Holder[],
  { worker, need, nowMs }: ShareWish,
): Pick<Holder, 'share' | 'isShort'> {
  const others = holding(holders, nowMs).filter((holder) => holder.worker !== worker)
  const short = others.filter(({ isShort }) => isShort)
  const content = others.filter(({ isShort }) => !isShort)
  const equal = (1 - sumOf(content)) / (short.length + 1)
  const fair = short.length === 0 ? 1 : equal
  const share = Math.max(0, Math.min(need, fair, 1 - sumOf(others)))
  return { share, isShort: share < need }
}

/** What a process needs of a pace, from what it used of it lately, 0 to 1. */
export function needOf({ used, isShort }: { readonly used: number; readonly isShort: boolean }) {
  return isShort ? 1 : Math.min(1, Math.max(LEAST_SHARE, 2 * used))
}

function sumOf(holders: readonly Holder[]): number {
  return holders.reduce((sum, { share }) => sum + share, 0)
}
