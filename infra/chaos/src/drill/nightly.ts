/** What the long runs have to come to together, and how far they are. */
import type { Family } from './exercise.ts'
import type { GroundPlan } from './plan.ts'
import type { CellSums, Sums } from './sums.ts'

interface Figure {
  /** Of the table in reliability-performance.md 5.2. */
  readonly row: string
  /** Faults that struck. */
  readonly faults: number
  /** Of each single one, where the row says so. */
  readonly each?: number
}

/**
 * Column "nightly" of 5.2, as far as it counts faults. R9, R10, R14, R15 and R16 count messages and
 * hours, so the families that go with them have no figure here.
 */
export const nightly: Readonly<Partial<Record<Family, Figure>>> = {
  // The row's 25 of each of 20 points, as 12 of each of the 42 that there are.
  dispatcher: { row: 'R1', faults: 500, each: 12 },
  'token-ledger': { row: 'R2', faults: 200 },
  ingress: { row: 'R3', faults: 200 },
  zombies: { row: 'R4', faults: 100 },
  kafka: { row: 'R5', faults: 60 },
  mongodb: { row: 'R6', faults: 60 },
  network: { row: 'R7', faults: 150 },
  graph: { row: 'R8', faults: 500 },
  disk: { row: 'R11', faults: 20, each: 10 },
  clock: { row: 'R12', faults: 60 },
  restarts: { row: 'R13', faults: 100 },
}

/** One line per family: `✔ kafka (R5) 60 of 60`; those without a figure in one line at the end. */
export function nightlyLines(plan: readonly GroundPlan[], sums: Sums): readonly string[] {
  const cells = plan.flatMap((ground) => ground.cells)
  const lines = cells.flatMap(({ family, exercises }) => {
    const figure = nightly[family]
    const ids = exercises.map(({ id }) => id)
    return figure ? [lineOf(family, figure, standingOf(figure, ids, sums[family]))] : []
  })
  const others = cells.flatMap(({ family }) =>
    nightly[family] ? [] : [`${family} ${sums[family]?.faults ?? 0}`],
  )
  const last = others.length === 0 ? [] : [`  no figure: ${others.join(', ')}`]
  return [...lines, ...last]
}

/** Families whose figure is not reached: what a long run goes on with. */
export function owedOf(plan: readonly GroundPlan[], sums: Sums): readonly Family[] {
  return plan.flatMap(({ cells }) =>
    cells.flatMap(({ family, exercises }) => {
      const figure = nightly[family]
      if (figure === undefined) return []
      const ids = exercises.map(({ id }) => id)
      return isReached(figure, standingOf(figure, ids, sums[family])) ? [] : [family]
    }),
  )
}

interface Standing {
  readonly faults: number
  /** The one that struck least often, where each has a figure. */
  readonly fewest: { readonly id: string; readonly count: number } | null
}

function standingOf(
  { each }: Figure,
  ids: readonly string[],
  sums: CellSums | undefined,
): Standing {
  const faults = sums?.faults ?? 0
  if (each === undefined) return { faults, fewest: null }
  const counts = ids.map((id) => ({ id, count: sums?.struck[id] ?? 0 }))
  const [fewest = null] = counts.toSorted((a, b) => a.count - b.count)
  return { faults, fewest }
}

function isReached({ faults, each = 0 }: Figure, standing: Standing): boolean {
  const { fewest } = standing
  return standing.faults >= faults && (fewest === null || fewest.count >= each)
}

function lineOf(family: Family, figure: Figure, standing: Standing): string {
  const { row, each = 0 } = figure
  const { faults, fewest } = standing
  const mark = isReached(figure, standing) ? '✔' : '·'
  const least = fewest && `each ${fewest.count} of ${each} (fewest: ${fewest.id})`
  const sum = `${mark} ${family} (${row}) ${faults} of ${figure.faults}`
  return least === null ? sum : `${sum} · ${least}`
}
