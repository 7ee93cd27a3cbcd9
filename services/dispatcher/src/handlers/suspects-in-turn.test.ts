import { describe, expect, test } from 'vitest'
import { stored } from '../../test/support/command-facts.ts'
import { suspectsInTurn } from './suspects-in-turn.ts'

const suspect = (id: string, deaths: number) => ({ ...stored({ deaths }), id })

/** Work that ends when told to. */
function hand() {
  const begun: string[] = []
  const ends = new Map<string, PromiseWithResolvers<void>>()
  const inTurn = suspectsInTurn(async ({ id }) => {
    begun.push(id)
    const end = Promise.withResolvers<void>()
    ends.set(id, end)
    await end.promise
  })
  const end = async (id: string, error?: Error) => {
    if (error) ends.get(id)?.reject(error)
    else ends.get(id)?.resolve()
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { begun, inTurn, end }
}

describe('[K19] commands of which a process may have died', () => {
  test('are worked on one at a time, those first that fewest died of', async () => {
    const { begun, inTurn, end } = hand()
    const all = [suspect('a', 1), suspect('b', 3), suspect('c', 2), suspect('d', 1)].map(inTurn)
    expect(begun).toEqual(['a'])
    await end('a')
    expect(begun).toEqual(['a', 'd'])
    await end('d')
    const late = inTurn(suspect('e', 1))
    await end('c')
    expect(begun).toEqual(['a', 'd', 'c', 'e'])
    await end('e')
    await end('b')
    await Promise.all([...all, late])
  })

  test('go on behind one whose work failed, which alone is told', async () => {
    const { begun, inTurn, end } = hand()
    const [first, second] = [inTurn(suspect('a', 1)), inTurn(suspect('b', 1))]
    const told = expect(first).rejects.toThrow('made up')
    await end('a', new Error('made up'))
    await told
    await end('b')
    await second
    expect(begun).toEqual(['a', 'b'])
  })

  test('are taken up again after a rest', async () => {
    const { begun, inTurn, end } = hand()
    const first = inTurn(suspect('a', 1))
    await end('a')
    await first
    void inTurn(suspect('b', 1))
    expect(begun).toEqual(['a', 'b'])
  })
})
