/** From a service's table of fault points to one exercise for each side of each of them. */
import type { FaultTable } from '@otn/runtime'
import type { Random } from '../../simulation/random.ts'
import type { Cell } from '../cell.ts'
import type { Exercise, Family } from '../exercise.ts'
import { type PointStrike, strikePoint, type Target } from './points.ts'

export interface PointPlan {
  readonly service: Target & Family
  readonly table: FaultTable
  /** Points that a start passes once, so that no later pass can be asked for. */
  readonly onlyFirst: readonly string[]
  /** What it takes to pass a point that no ordinary traffic passes. */
  readonly provoke?: Readonly<Record<string, (cell: Cell) => Promise<void>>>
  readonly between?: Readonly<Record<string, (cell: Cell) => Promise<void>>>
}

const PASS_MAX = 4

/** A kill at every side of every point, and the answer of every point lost that has one. */
export function pointExercises(plan: PointPlan, random: Random): readonly Exercise[] {
  return Object.entries(plan.table).flatMap(([point, { sides, canLose }]) => {
    const strike = (what: Pick<PointStrike, 'action' | 'side'>): Exercise =>
      strikePoint({
        ...{ service: plan.service, family: plan.service, point, ...what },
        pass: plan.onlyFirst.includes(point) ? 1 : 1 + random.below(PASS_MAX),
        ...present('between', plan.between?.[point]),
        ...present('provoke', plan.provoke?.[point]),
      })
    const kills = sides.map((side) => strike({ action: 'kill', side }))
    return canLose ? [...kills, strike({ action: 'lose', side: '' })] : kills
  })
}

function present<Name extends string, T>(name: Name, value: T | undefined): { [N in Name]?: T } {
  return value === undefined ? {} : ({ [name]: value } as { [N in Name]?: T })
}
