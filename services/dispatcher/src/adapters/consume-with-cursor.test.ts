import type { Batch } from '@otn/bus'
import type { Codec, Notify } from '@otn/contracts'
import { appError } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { notify } from '../../test/support/command-facts.ts'
import type { Read } from '../inbox-ports.ts'
import { consumeWithCursor } from './consume-with-cursor.ts'
import type { Cursors } from './cursors-mongodb.ts'

function createScene(start: bigint | null) {
  const state = {
    cursor: start,
    handled: [] as bigint[],
    isStale: false,
    fails: null as Error | null,
    registry: 'knows' as 'knows' | 'away' | 'knows-not',
  }
  const cursors: Cursors = {
    lastKnown: () => state.cursor,
    read: async () => state.cursor,
    move: async (_, { from, to }) => {
      if (state.cursor !== from) return false
      state.cursor = to
      return true
    },
    place: async () => {},
  }
  const codec = {
    encode: () => Buffer.alloc(0),
    decode: (_: string, value: Buffer | null) => {
      if (value?.toString() !== 'new schema') return { kind: 'known', value: notify() }
      return { kind: 'unknown-schema', schemaId: 9 }
    },
    learn: async () => {
      if (state.registry === 'away') throw appError('OTN_REGISTRY_UNREACHABLE', { message: 'x' })
      return false
    },
  } as unknown as Codec
  const onBatch = consumeWithCursor({
    ...{ topic: 'notify', cursors, codec, nameOf: (topic: string) => topic, retried: () => {} },
    handle: async (reads: readonly Read<Notify>[]) => {
      if (state.fails) throw state.fails
      state.handled.push(...reads.map(({ source }) => source.offset))
    },
  })
  const batch = (offsets: readonly bigint[], values: readonly string[] = []): Batch => ({
    ...{ topic: 'notify', partition: 0, highWatermark: 99n, heartbeat: async () => {} },
    records: offsets.map((offset, index) => ({
      ...{ offset, key: null, headers: {}, timestampMs: 0 },
      value: Buffer.from(values[index] ?? 'known'),
    })),
    isStale: () => state.isStale,
  })
  return { state, deliver: (...args: Parameters<typeof batch>) => onBatch(batch(...args)) }
}

describe('the cursor of a partition', () => {
  test('moves behind what was handled, and what it has passed is not handled again', async () => {
    const { state, deliver } = createScene(5n)
    expect(await deliver([4n, 5n, 6n])).toEqual({ kind: 'done' })
    expect([state.handled, state.cursor]).toEqual([[5n, 6n], 7n])
    expect(await deliver([5n, 6n])).toEqual({ kind: 'done' })
    expect(state.handled).toEqual([5n, 6n])
  })

  test('sends a batch that starts above it back, and takes the gap as empty the second time', async () => {
    const { state, deliver } = createScene(5n)
    expect(await deliver([8n])).toEqual({ kind: 'seek', offset: 5n })
    expect(state.handled).toEqual([])
    expect(await deliver([8n])).toEqual({ kind: 'done' })
    expect([state.handled, state.cursor]).toEqual([[8n], 9n])
  })

  test('stays where an engine is away: the batch is read again', async () => {
    const { state, deliver } = createScene(5n)
    state.fails = appError('OTN_STORE_UNREACHABLE', { message: 'made up' })
    expect(await deliver([5n])).toMatchObject({ kind: 'retry', from: 5n })
    expect(state.cursor).toBe(5n)
    state.fails = new Error('a bug')
    await expect(deliver([5n])).rejects.toThrow('a bug')
  })

  test('that somebody else moved ends the process, unless the partition was given away', async () => {
    const { state, deliver } = createScene(5n)
    const moving = deliver([5n])
    state.cursor = 6n
    await expect(moving).rejects.toMatchObject({ code: 'OTN_STORE_CURSOR_MOVED' })
    const given = createScene(5n)
    const late = given.deliver([5n])
    given.state.cursor = 6n
    given.state.isStale = true
    expect(await late).toEqual({ kind: 'done' })
  })

  test('that is gone means that the store is another one', async () => {
    const { deliver } = createScene(null)
    await expect(deliver([5n])).rejects.toMatchObject({ code: 'OTN_STORE_GENERATION_LOST' })
  })

  test('waits before a record whose schema nobody can be asked for, and parks it when nobody has it', async () => {
    const { state, deliver } = createScene(5n)
    state.registry = 'away'
    const values = ['known', 'new schema', 'known']
    expect(await deliver([5n, 6n, 7n], values)).toMatchObject({ kind: 'retry', from: 6n })
    expect([state.handled, state.cursor]).toEqual([[5n], 6n])
    state.registry = 'knows-not'
    expect(await deliver([6n, 7n], values.slice(1))).toEqual({ kind: 'done' })
    expect([state.handled, state.cursor]).toEqual([[5n, 6n, 7n], 8n])
  })
})
