/** Processes killed, frozen or deceived at the named points inside the services. */
import { setTimeout as delay } from 'node:timers/promises'
import { waitFor } from '@otn/engines'
import type { Cell } from '../cell.ts'
import type { Exercise, Family } from '../exercise.ts'
import { frozenMs } from '../profile.ts'
import type { ServiceUnderFire } from '../service-under-fire.ts'

export type Target = 'ingress' | 'token-ledger' | 'dispatcher'

export interface PointStrike {
  readonly service: Target
  readonly family: Family
  readonly action: 'kill' | 'freeze' | 'lose'
  readonly point: string
  /** Empty for `lose`: the operation is carried out, and its answer lost. */
  readonly side: string
  /** Which pass of the point since the start of the process, from 1. */
  readonly pass: number
  /** Done while the process is away, before the one with the point starts. */
  readonly between?: (cell: Cell) => Promise<void>
  /** Done once it runs, so that the point is passed. */
  readonly provoke?: (cell: Cell) => Promise<void>
}

/** Long enough for a start on a busy machine and for the rarest of the points. */
const STRUCK_MS = 120_000

export function strikePoint(strike: PointStrike): Exercise {
  const { service, family, action, point, side } = strike
  return {
    family,
    id: `${action} ${point}${side === '' ? '' : `.${side}`}`,
    run: async (cell) => {
      const target = cell.services[service]
      await target.arm(grammarOf(strike), async () => strike.between?.(cell))
      await strike.provoke?.(cell)
      await untilStruck(target, strike)
      if (action === 'freeze') await thaw(cell, target)
    },
  }
}

function grammarOf({ action, point, side, pass }: PointStrike): string {
  return `${action}:${point}${side === '' ? '' : `.${side}`}@${pass}`
}

async function untilStruck(target: ServiceUnderFire, strike: PointStrike): Promise<void> {
  const hasStruck = async () => target.struck().length > 0
  const describe = `${strike.service} to pass ${grammarOf(strike)}`
  await waitFor(hasStruck, { timeoutMs: STRUCK_MS, describe, intervalMs: 25 })
}

/** Stays frozen until leases, sessions and everybody's patience are over, then goes on. */
async function thaw(cell: Cell, target: ServiceUnderFire): Promise<void> {
  await target.untilFrozen(5_000)
  await delay(frozenMs(cell.options.profile))
  target.signal('SIGCONT')
}
