/** The ingress at I0 to I6, while Meta repeats what it got no 200 for. */
import { ingressFaultPoints } from '@otn/ingress/decisions'
import type { Random } from '../../simulation/random.ts'
import type { Exercise } from '../exercise.ts'
import { pointExercises } from './point-table.ts'

export function ingressExercises(random: Random): readonly Exercise[] {
  return pointExercises({ service: 'ingress', table: ingressFaultPoints, onlyFirst: [] }, random)
}
