import { dispatcherFaultPoints } from '@otn/dispatcher/decisions'
import { ingressFaultPoints } from '@otn/ingress/decisions'
import type { FaultTable } from '@otn/runtime'
import { ledgerFaultPoints } from '@otn/token-ledger/decisions'
import { describe, expect, test } from 'vitest'
import { planDrill } from './plan.ts'

const all = (seed = 1) => planDrill({ seed, only: [] }).flatMap(({ cells }) => cells)
const idsOf = (family: string) =>
  all()
    .find((cell) => cell.family === family)
    ?.exercises.map(({ id }) => id) ?? []

const wantedOf = (table: FaultTable) =>
  Object.entries(table).flatMap(([point, { sides, canLose }]) => [
    ...sides.map((side) => `kill ${point}.${side}`),
    ...(canLose ? [`lose ${point}`] : []),
  ])

describe('the plan of a drill', () => {
  test.each([
    ['dispatcher', dispatcherFaultPoints],
    ['token-ledger', ledgerFaultPoints],
    ['ingress', ingressFaultPoints],
  ])('kills the %s on every side of every point, and loses every answer', (family, table) => {
    expect(idsOf(family).toSorted()).toEqual(wantedOf(table).toSorted())
  })

  test('has the eighteen points of the ledger, the fourteen of the ingress, four zombies', () => {
    const kills = (family: string) => idsOf(family).filter((id) => id.startsWith('kill')).length
    expect([kills('token-ledger'), kills('ingress')]).toEqual([18, 14])
    expect(idsOf('zombies')).toHaveLength(4)
  })

  test('fills the disk of each engine, on a ground whose engines have one that can be filled', () => {
    const [plan] = planDrill({ seed: 1, only: ['disk'] })
    expect([plan?.kind, plan?.isShared]).toEqual(['disk', false])
    const filled = ['fill the disk of Kafka', 'fill the disk of MongoDB']
    expect(idsOf('disk')).toEqual(expect.arrayContaining(filled))
  })

  test('gives every cell a seed of its own that follows from the one of the drill', () => {
    const seeds = (seed: number) => all(seed).map(({ options }) => options.seed)
    expect(seeds(7)).toEqual(seeds(7))
    expect(seeds(7)).not.toEqual(seeds(8))
    expect(new Set(seeds(7)).size).toBe(all().length)
  })

  test('strikes as often as a long run asks, by all faults of a cell again, drawn anew', () => {
    const [plan] = planDrill({ seed: 1, only: ['zombies'], faultsMin: 9 })
    const ids = plan?.cells[0]?.exercises.map(({ id }) => id) ?? []
    expect(ids).toEqual([...idsOf('zombies'), ...idsOf('zombies'), ...idsOf('zombies')])
  })

  test('runs the cells that are asked for, and names them all to who asks for another', () => {
    const only = planDrill({ seed: 1, only: ['kafka', 'graph'] })
    expect(only.map(({ kind }) => kind)).toEqual(['single', 'cluster'])
    expect(() => planDrill({ seed: 1, only: ['kafak'] })).toThrow(
      /got kafak, wanted some of .*kafka/,
    )
  })
})
