import { appError } from '@otn/kernel'
import { waitFor } from '@otn/testing'
import { afterEach, describe, expect, test } from 'vitest'
import { createFakeStore, PARTITIONS } from '../../test/fake-store.ts'
import { silentTell } from '../../test/folding.ts'
import { perTopic } from '../ports.ts'
import { type StoreWatch, watchStore } from './watch-store.ts'

const ends = perTopic((topic) =>
  Array.from({ length: PARTITIONS }, () => (topic === 'optIn' ? 3n : 0n)),
)
const watches: StoreWatch[] = []

afterEach(() => {
  for (const watch of watches.splice(0)) watch.close()
})

function watched() {
  const store = createFakeStore()
  store.generation.state = 'filling'
  const failures: Error[] = []
  const state: { error: Error | null } = { error: null }
  const verify = async () => {
    if (state.error !== null) throw state.error
  }
  const fail = (error: Error) => void failures.push(error)
  const watch = watchStore({ store: { ...store, verify }, ends, tell: silentTell, fail })
  watches.push(watch)
  return { store, watch, failures, state }
}

const until = (fact: () => boolean, describe: string) =>
  waitFor(fact, { timeoutMs: 5_000, describe, intervalMs: 5 })

describe('the watch over the store', () => {
  test('tells how much is not folded, and serves it once all of it is', async () => {
    const { store, watch } = watched()
    expect(watch.notReady()).toEqual(['6 records of the log are not folded yet'])
    store.cursors.set('optIn/0', 3n)
    await until(() => watch.notReady()[0]?.startsWith('3 records') === true, 'half')
    expect(store.generation.state).toBe('filling')
    store.cursors.set('optIn/1', 4n)
    await until(() => watch.notReady().length === 0, 'all')
    expect(store.generation.state).toBe('live')
  })

  test('says that MongoDB is away, and that it is back, without ending the process', async () => {
    const { watch, failures, state } = watched()
    state.error = appError('OTN_STORE_UNREACHABLE', { message: 'away' })
    await until(() => watch.notReady().includes('MongoDB does not answer'), 'the outage')
    state.error = null
    await until(() => !watch.notReady().includes('MongoDB does not answer'), 'its end')
    expect(failures).toEqual([])
  })

  test('ends the process once when the store was lost', async () => {
    const { failures, state } = watched()
    state.error = appError('OTN_STORE_GENERATION_LOST', { message: 'gone' })
    await until(() => failures.length > 0, 'the end')
    expect(failures).toEqual([state.error])
  })
})
