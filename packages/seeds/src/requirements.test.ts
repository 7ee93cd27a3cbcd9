import { describe, expect, test } from 'vitest'
import { ownerOf, type Requirement, sharersOf } from './requirement.ts'
import { requirements } from './requirements.ts'

const COUNTS = { 'S0-': 30, 'S1-': 50, 'D-': 9, U: 22 }
const faulty = (isRight: (row: Requirement) => boolean) =>
  requirements.filter((row) => !isRight(row)).map(({ id }) => id)

describe('[U18] the requirements', () => {
  test('have every sentence once, in order, none forgotten', () => {
    const all = Object.entries(COUNTS).flatMap(([prefix, count]) =>
      Array.from({ length: count }, (_, index) => {
        const number = String(index + 1)
        return prefix === 'U' ? `U${number}` : `${prefix}${number.padStart(2, '0')}`
      }),
    )
    expect(requirements.map(({ id }) => id)).toEqual(all)
    expect(new Set(requirements.map(({ sentence }) => sentence)).size).toBe(all.length)
  })

  test('quote the document that they come from, and no other does', () => {
    expect(faulty(({ id, quote }) => (quote !== undefined) === id.startsWith('S'))).toEqual([])
  })

  test('have one owner each: their first part that is not stand-in, console or text', () => {
    const owner = (id: string) =>
      ownerOf(requirements.find((row) => row.id === id) ?? { parts: [] })
    const known = ['S0-04', 'S0-06', 'S1-33', 'S1-50', 'S1-12', 'S1-36', 'S0-29', 'D-02', 'S1-09']
    expect(Object.fromEntries(known.map((id) => [id, owner(id)]))).toEqual({
      'S0-04': 'policy',
      'S0-06': 'pages',
      'S1-33': 'pages',
      'S1-50': 'pages',
      'S1-12': 'policy',
      'S1-36': 'pages',
      'S0-29': 'pages',
      'D-02': 'main job',
      'S1-09': 'later',
    })
    // No parts that decide and no owner would show as later, unseen.
    expect(faulty((row) => row.owner === 'later' || ownerOf(row) !== 'later')).toEqual([])
  })

  test('share those of the stand-in with the simulator, and the later ones with nobody', () => {
    expect(sharersOf({ parts: ['SIM', 'GRA'] })).toEqual(['policy', 'simulator'])
    expect(sharersOf({ parts: ['SIM'], owner: 'simulator' })).toEqual(['simulator'])
    expect(sharersOf({ parts: ['LED', 'SIM'], owner: 'later' })).toEqual(['later'])
  })

  test('are said to be built by those alone who build them, the later ones by nobody', () => {
    expect(faulty((row) => row.done.every((owner) => sharersOf(row).includes(owner)))).toEqual([])
    expect(faulty((row) => ownerOf(row) !== 'later' || row.done.length === 0)).toEqual([])
  })
})
