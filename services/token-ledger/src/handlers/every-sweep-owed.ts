/**
 * Tells what the state of tokens owes the log: `TokenExpiring` and `TokenExpired` by the business
 * clock, `TokenWithdrawn` for what a withdrawal covers. What was told is known by its fold, so a
 * sweep that finds something waits until everything on the log is folded, and looks again: then
 * nothing is told twice, neither after another ledger nor after a rebuild. A crash in between tells
 * again, under the same id.
 */
import type { TokenEvent } from '@otn/contracts'
import { type Identity, isAppError } from '@otn/kernel'
import type { Calendar } from '../domain/expiry.ts'
import { noticeBorders } from '../domain/notice.ts'
import { noticeOf, tokenWithdrawn } from '../domain/token-facts.ts'
import type { Facts, Lease } from '../log-ports.ts'
import type { ServedReadModel } from '../ports.ts'

export interface SweepPorts {
  readonly served: ServedReadModel
  readonly lease: Lease
  readonly facts: Facts
  readonly identity: Identity
  readonly calendar: () => Calendar
  /** Resolves to whether everything that is on the log now was folded in time. */
  readonly caughtUp: () => Promise<boolean>
  /** Monotonic, ms. */
  readonly machineMs: () => number
  readonly tell: SweepTelemetry
}

export interface SweepTelemetry {
  told(types: Readonly<Record<string, number>>): void
  sweepFailed(error: unknown): void
}

/** Facts of one sweep. */
const FACTS_MAX = 500
/** Begun later, the telling could outlive the lease. */
const HELD_MS = 5_000

/** Never throws: what could not be told now is owed at the next sweep. */
export function everySweepOwed(ports: SweepPorts): () => Promise<'more' | 'done'> {
  return async () => {
    try {
      return await sweep(ports)
    } catch (error) {
      const isAway = isAppError(error) && error.retryable
      if (!isAway) ports.tell.sweepFailed(error)
      return 'done'
    }
  }
}

async function sweep(ports: SweepPorts): Promise<'more' | 'done'> {
  const { lease, facts, tell, caughtUp, machineMs } = ports
  if (!(await lease.hold()) || (await owed(ports)).length === 0) return 'done'
  if (!(await caughtUp())) return 'done'
  const heldMs = machineMs()
  if (!(await lease.hold())) return 'done'
  const due = await owed(ports)
  if (due.length === 0 || machineMs() - heldMs > HELD_MS) return 'done'
  await facts.tell(due)
  const byType = Object.entries(Object.groupBy(due, ({ type }) => type))
  tell.told(Object.fromEntries(byType.map(([type, told = []]) => [type, told.length])))
  return 'more'
}

async function owed(ports: SweepPorts): Promise<readonly TokenEvent[]> {
  const { served, identity, calendar: today } = ports
  const calendar = today()
  const telling = { identity, calendar }
  return served.ask(async ({ queries }) => {
    const withdrawn = await queries.owedWithdrawal(FACTS_MAX)
    const ending = await queries.owedNotice(noticeBorders(calendar), FACTS_MAX)
    const notices = ending.flatMap((token) => noticeOf(token, telling) ?? [])
    return [...withdrawn.map((token) => tokenWithdrawn(token, telling)), ...notices]
  })
}
