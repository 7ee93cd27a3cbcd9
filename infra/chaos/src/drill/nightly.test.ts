import { describe, expect, test } from 'vitest'
import { nightly, nightlyLines, owedOf } from './nightly.ts'
import { planDrill } from './plan.ts'
import type { CellSums } from './sums.ts'

const plan = planDrill({ seed: 1, only: [] })
const families = plan.flatMap(({ cells }) => cells.map(({ family }) => family))
const lineFor = (family: string, sums: Readonly<Record<string, CellSums>>) =>
  nightlyLines(plan, sums).find((line) => line.includes(` ${family} (`))

function sums(faults: number, struck: CellSums['struck'] = {}): CellSums {
  const rest = { runs: 3, exposed: 9, commands: 90, inDoubt: 1, findings: 0, troubles: 0 }
  return { ...rest, faults, struck, versions: [] }
}

describe('the sums of long runs against the figures of a night', () => {
  test('have a line for each family that has a figure, and name the others', () => {
    const lines = nightlyLines(plan, { poison: sums(12) })
    expect(
      Object.keys(nightly).filter((family) => !families.some((one) => one === family)),
    ).toEqual([])
    expect(lines).toHaveLength(Object.keys(nightly).length + 1)
    expect(lines).toContain('· kafka (R5) 0 of 60')
    expect(lines.at(-1)).toMatch(/^ {2}no figure: .*takeover 0.*poison 12/)
  })

  test('say where a figure is reached', () => {
    expect(lineFor('kafka', { kafka: sums(59) })).toBe('· kafka (R5) 59 of 60')
    expect(lineFor('kafka', { kafka: sums(60) })).toBe('✔ kafka (R5) 60 of 60')
  })

  test('reach a figure of each single fault only where the one that struck least often has', () => {
    const others = { 'fill the disk of Kafka': 12, 'fill both disks at once': 10 }
    const some = { ...others, 'fill the disk of MongoDB': 9 }
    expect(lineFor('disk', { disk: sums(31, some) })).toBe(
      '· disk (R11) 31 of 20 · each 9 of 10 (fewest: fill the disk of MongoDB)',
    )
    const all = { ...others, 'fill the disk of MongoDB': 10 }
    expect(lineFor('disk', { disk: sums(32, all) })).toMatch(/^✔ disk \(R11\) 32 of 20 · each 10/)
    expect(lineFor('disk', { disk: sums(22, others) })).toMatch(/^· .* each 0 of 10/)
  })

  test('owe the families whose figure is not reached, and none that has no figure', () => {
    expect(owedOf(plan, {}).toSorted()).toEqual(Object.keys(nightly).toSorted())
    const owed = owedOf(plan, { kafka: sums(60), mongodb: sums(59), poison: sums(1) })
    expect(owed).not.toContain('kafka')
    expect(owed).toContain('mongodb')
    expect(owed).not.toContain('poison')
  })
})
