/** Which cells a drill has, on which ground, with which faults. */
import { Random } from '../simulation/random.ts'
import type { CellOptions } from './cell-options.ts'
import type { Exercise, Family } from './exercise.ts'
import { clockExercises } from './faults/clock.ts'
import { diskExercises } from './faults/disk.ts'
import { dispatcherExercises, takeoverExercises, zombieExercises } from './faults/dispatcher.ts'
import { graphExercises } from './faults/graph.ts'
import { ingressExercises } from './faults/ingress.ts'
import { kafkaExercises } from './faults/kafka.ts'
import { ledgerExercises } from './faults/ledger.ts'
import { mongodbExercises } from './faults/mongodb.ts'
import { networkExercises } from './faults/network.ts'
import { poisonExercises } from './faults/poison.ts'
import { productionExercises } from './faults/production.ts'
import { rebuildExercises } from './faults/rebuild.ts'
import { restartExercises } from './faults/restarts.ts'
import { upgradeExercises } from './faults/upgrade.ts'
import type { GroundKind } from './ground.ts'
import type { CellPlan } from './run-cell.ts'

export interface GroundPlan {
  readonly kind: GroundKind
  /** Whether cells may run side by side: not where the ground itself is hurt. */
  readonly isShared: boolean
  readonly cells: readonly CellPlan[]
}

/** Those that are drawn are drawn anew for each repetition. */
type Exercises = readonly Exercise[] | (() => readonly Exercise[])

interface Wish {
  readonly family: Family
  readonly exercises: Exercises
  readonly options?: Partial<CellOptions>
  readonly endsWithRebuild?: boolean
  readonly patienceMs?: number
}

const PATIENCE_MS = 120_000
/** A service that is killed every few seconds must be able to catch up between. */
const RATE = 5

interface DrillWish {
  readonly seed: number
  readonly only: readonly string[]
  /** Each cell strikes at least so often, by doing all its faults again: to open one is dear. */
  readonly faultsMin?: number
}

/** The cells of `only`, all where it names none. */
export function planDrill({ seed, only, faultsMin = 1 }: DrillWish): readonly GroundPlan[] {
  const grounds = allGrounds(seed, faultsMin)
  const names = ['simulation', ...grounds.flatMap((one) => one.cells.map(({ family }) => family))]
  const unknown = only.filter((name) => !names.includes(name))
  if (unknown.length > 0) {
    throw new Error(`--only: got ${unknown.join(',')}, wanted some of ${names.join(', ')}`)
  }
  const wanted = grounds.map((ground) => ({
    ...ground,
    cells: ground.cells.filter(({ family }) => isWanted(family, only)),
  }))
  return wanted.filter(({ cells }) => cells.length > 0)
}

export function isWanted(name: string, only: readonly string[]): boolean {
  return only.length === 0 || only.includes(name)
}

function allGrounds(seed: number, faultsMin: number): readonly GroundPlan[] {
  const random = new Random(seed)
  const cell = (wish: Wish): CellPlan => ({
    options: {
      name: wish.family,
      seed: random.below(1_000_000),
      profile: 'chaos',
      dispatchers: 1,
      isProxied: false,
      hasOwnClocks: false,
      rate: RATE,
      ...wish.options,
    },
    family: wish.family,
    exercises: repeated(wish.exercises, faultsMin),
    endsWithRebuild: wish.endsWithRebuild ?? false,
    patienceMs: wish.patienceMs ?? PATIENCE_MS,
  })
  return [
    {
      kind: 'single',
      isShared: true,
      cells: [
        cell({
          family: 'dispatcher',
          exercises: () => dispatcherExercises(random),
          endsWithRebuild: true,
        }),
        cell({ family: 'token-ledger', exercises: () => ledgerExercises(random) }),
        cell({ family: 'takeover', exercises: takeoverExercises, options: { dispatchers: 2 } }),
        cell({ family: 'zombies', exercises: zombieExercises, options: { dispatchers: 2 } }),
        cell({ family: 'graph', exercises: graphExercises, endsWithRebuild: true }),
        cell({ family: 'restarts', exercises: restartExercises, options: { dispatchers: 2 } }),
        cell({ family: 'ingress', exercises: () => ingressExercises(random) }),
        cell({ family: 'rebuild', exercises: rebuildExercises }),
        cell({ family: 'upgrade', exercises: upgradeExercises, endsWithRebuild: true }),
        cell({
          family: 'production',
          exercises: productionExercises,
          options: { profile: 'production', rate: 2 },
          patienceMs: 8 * 60_000,
        }),
        cell({ family: 'poison', exercises: poisonExercises }),
        cell({ family: 'clock', exercises: clockExercises, options: { hasOwnClocks: true } }),
      ],
    },
    {
      kind: 'proxied',
      isShared: false,
      cells: [
        cell({ family: 'network', exercises: networkExercises, options: { isProxied: true } }),
      ],
    },
    {
      kind: 'cluster',
      isShared: false,
      cells: [
        cell({ family: 'kafka', exercises: kafkaExercises }),
        cell({ family: 'mongodb', exercises: mongodbExercises, endsWithRebuild: true }),
      ],
    },
    {
      kind: 'disk',
      isShared: false,
      cells: [cell({ family: 'disk', exercises: diskExercises, endsWithRebuild: true })],
    },
  ]
}

function repeated(exercises: Exercises, faultsMin: number): readonly Exercise[] {
  const draw = typeof exercises === 'function' ? exercises : () => exercises
  const all = [...draw()]
  while (all.length < faultsMin) all.push(...draw())
  return all
}
