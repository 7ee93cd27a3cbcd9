/** Seeds, singles, pairs and planted bugs, counted. */
import { Coverage } from './coverage.ts'
import { lateToClaims, lateToReadModel } from './emptied-stores.ts'
import { FLAWS, type Flaw } from './flaw.ts'
import type { Violation } from './judge-parts.ts'
import type { Rule } from './rules.ts'
import { runWorlds } from './run-worlds.ts'
import { frozenWithAnswer, questions, unanswered } from './singles.ts'
import { noSums, plus, type Sums, sumsOf } from './sums.ts'
import type { World, WorldOptions } from './world.ts'

export interface Finding extends Violation {
  readonly seed: number
}

export interface Tally extends Sums {
  readonly findings: readonly Finding[]
  readonly coverage: Coverage
}

export interface SeedRange {
  readonly from: number
  readonly count: number
  /** Heals early and at a random time: everything must end. */
  readonly isLiveness?: boolean
  readonly flaw?: Flaw | null
}

const LIVENESS_STEPS_MAX = 400
const SCENE_SEEDS = 400

export function* seedsOf({ from, count, isLiveness, flaw = null }: SeedRange) {
  for (let seed = from; seed < from + count; seed += 1) {
    const healing = isLiveness ? { chaosSteps: 1 + ((seed * 37) % LIVENESS_STEPS_MAX) } : {}
    yield { seed, flaw, ...healing }
  }
}

/** Told of each world when it has ended. */
export type Ended = (world: World, options: WorldOptions) => void

interface TallyOptions {
  /** Ends all with the first finding. */
  readonly stopsAtFirst?: boolean
  readonly ended?: Ended | undefined
}

export async function tally(
  worlds: Iterable<WorldOptions>,
  { stopsAtFirst = false, ended }: TallyOptions = {},
): Promise<Tally> {
  const coverage = new Coverage()
  const findings: Finding[] = []
  let sums = noSums
  await runWorlds(worlds, (world, options) => {
    ended?.(world, options)
    sums = plus(sums, sumsOf(world))
    coverage.add(world.coverage)
    const [violation] = world.judge.violations
    if (violation) findings.push({ seed: options.seed, ...violation })
    return violation && stopsAtFirst ? 'stop' : 'go on'
  })
  return { ...sums, findings, coverage }
}

export interface Catch {
  readonly flaw: Flaw
  /** Worlds until it was caught; null = it was not. */
  readonly worlds: number | null
  readonly rule: Rule | null
}

/** How long each planted bug stays hidden. */
export async function catchFlaws(most: number): Promise<readonly Catch[]> {
  const caught: Catch[] = []
  for (const flaw of FLAWS) {
    const { worlds, findings } = await tally(worldsFor(flaw, most), { stopsAtFirst: true })
    const [finding] = findings
    caught.push({ flaw, worlds: finding ? worlds : null, rule: finding?.rule ?? null })
  }
  return caught
}

/** Worlds in which a flaw shows that chance alone seldom brings to light. */
const SCENES: Partial<Readonly<Record<Flaw, (count: number) => Iterable<WorldOptions>>>> = {
  'fencing that drops a late 200': frozenWithAnswer,
  'a question of unknown outcome is put again': (count) => unanswered(questions, count),
  'claims count from 1 in an emptied store': lateToClaims,
  'read model counts from 1 in an emptied store': lateToReadModel,
}

function* worldsFor(flaw: Flaw, most: number): Generator<WorldOptions> {
  for (const world of SCENES[flaw]?.(SCENE_SEEDS) ?? []) yield { ...world, flaw }
  yield* seedsOf({ from: 1, count: most, flaw })
}

/** The trace of one seed, a line a step. */
export async function traceOf(options: WorldOptions): Promise<readonly string[]> {
  const lines: string[] = []
  const trace = (line: string) => {
    lines.push(line)
  }
  const { findings } = await tally([{ ...options, trace }])
  return [...lines, ...findings.map(({ rule, detail }) => `BROKEN ${rule}: ${detail}`)]
}
