import { appError } from '@otn/kernel'
import { type FaultSide, type FaultTable, parseStrikes, type Strike } from './fault-table.ts'
import { strikeProcess } from './strike-process.ts'

/** The fault points of a service that was asked to fail: counts passes and strikes where wanted. */
export interface Faults<Name extends string> {
  /** The process passes this side of a point; returns when it may go on, if ever. */
  pass(point: Name, side: FaultSide): void
  /** What the point's operation answered is in hand: true = nobody shall hear of it. */
  loses(point: Name): boolean
  /**
   * Carries out the operation of a point. `after` and a lost answer are for what succeeded.
   * @param lost the adapter's own way to say that the connection broke: an error, or an answer
   */
  around<T>(point: Name, work: () => Promise<T>, lost?: () => T | Promise<T>): Promise<T>
}

export interface FaultWish<Name extends string> {
  readonly service: string
  readonly table: FaultTable<Name>
  readonly mode: string
  /** As of the setting; null = none. */
  readonly faultPoints: string | null
}

/**
 * Null where nothing is wanted: nothing then stands around any port.
 * @throws OTN_CONFIG_INVALID in production mode, and for points the service does not have
 */
export function openFaults<Name extends string>(wish: FaultWish<Name>): Faults<Name> | null {
  const { service, table, mode, faultPoints } = wish
  if (faultPoints === null) return null
  const parsed = parseStrikes(faultPoints, table)
  if ('fault' in parsed || mode === 'production') {
    const message = 'OTN_FAULT_POINTS: refused in production mode, and where a point is unknown'
    throw appError('OTN_CONFIG_INVALID', { message })
  }
  return createFaults<Name>(parsed.strikes, strikeProcess(service))
}

export function createFaults<Name extends string>(
  wanted: readonly Strike[],
  strike: (strike: Strike) => void,
): Faults<Name> {
  const passes = new Map<string, number>()
  const struck = (point: Name, side: FaultSide | null): boolean => {
    const key = `${point}.${side}`
    const pass = (passes.get(key) ?? 0) + 1
    passes.set(key, pass)
    const due = wanted.filter((it) => it.point === point && it.side === side && it.pass === pass)
    for (const one of due) strike(one)
    return due.length > 0
  }
  const faults: Faults<Name> = {
    pass: (point, side) => {
      struck(point, side)
    },
    loses: (point) => struck(point, null),
    around: async (point, work, lost) => {
      faults.pass(point, 'before')
      const answer = await work()
      faults.pass(point, 'after')
      return faults.loses(point) && lost !== undefined ? lost() : answer
    },
  }
  return faults
}
