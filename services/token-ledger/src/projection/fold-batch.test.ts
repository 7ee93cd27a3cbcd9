import type { Batch } from '@otn/bus'
import { appError } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { codec, FakeLog, partitionOf } from '../../test/batches.ts'
import { called, optIn, PAGE, personOf, tokenIdOf } from '../../test/facts.ts'
import { createFakeStore, type FakeStore, type Fault } from '../../test/fake-store.ts'
import { eventHandlers, silentTell } from '../../test/folding.ts'
import type { Unusable } from '../log-ports.ts'
import { foldBatches } from './fold-batch.ts'

const one = { psid: '11', token: 't1' }
const where = partitionOf('optIn', personOf(one.psid))
const tokenId = tokenIdOf(one.token)

interface Setting {
  readonly park?: () => Promise<void>
  readonly fault?: Fault
  readonly learn?: (id: number) => Promise<boolean>
}

function setting({ fault = () => {}, learn = async () => false, park }: Setting = {}) {
  const store: FakeStore = createFakeStore(fault)
  const [log, failures, parked] = [new FakeLog(), [] as Error[], [] as Unusable[]]
  log.append('optIn', [optIn(one)])
  const onBatch = foldBatches({
    store,
    codec: { ...codec, learn },
    parking: { park: park ?? (async (messages) => void parked.push(...messages)) },
    handlers: eventHandlers,
    tell: silentTell,
    nameOf: (topic) => topic,
    fail: (error) => void failures.push(error),
  })
  return { store, log, failures, parked, onBatch }
}

const cursorOf = ({ cursors }: FakeStore) => cursors.get(`${where.topic}/${where.partition}`) ?? 0n
const unreachable = () => appError('OTN_STORE_UNREACHABLE', { message: 'away' })

describe('a batch', () => {
  test('is folded, then the cursor stands behind it', async () => {
    const { store, log, onBatch } = setting()
    expect(await onBatch(log.batch(where, 0n))).toEqual({ kind: 'done' })
    expect(store.document('tokens', tokenId)).toMatchObject({ consent: { pageId: PAGE } })
    expect(store.document('persons', `${PAGE}/${personOf(one.psid)}`)).not.toBeNull()
    expect(cursorOf(store)).toBe(1n)
  })

  test('that comes again is not folded again', async () => {
    const { store, log, onBatch } = setting()
    await onBatch(log.batch(where, 0n))
    const before = store.contents()
    expect(await onBatch(log.batch(where, 0n))).toEqual({ kind: 'seek', offset: 1n })
    expect(store.contents()).toEqual(before)
  })

  test('that begins above the cursor is not applied: read from the cursor on', async () => {
    const { store, log, onBatch } = setting()
    log.append('optIn', [optIn(one), optIn(one)])
    expect(await onBatch(log.batch(where, 2n))).toEqual({ kind: 'seek', offset: 0n })
    expect(store.contents()).toEqual({})
  })

  test('before which the log has a hole is applied once the hole was looked at', async () => {
    const { store, log, onBatch } = setting()
    log.append('optIn', [optIn(one), optIn(one)])
    await onBatch(log.batch(where, 2n))
    expect(await onBatch(log.batch(where, 2n))).toEqual({ kind: 'done' })
    expect(cursorOf(store)).toBe(3n)
  })

  test('of a log that ends below the cursor waits and skips nothing', async () => {
    const { store, log, onBatch, failures } = setting()
    store.cursors.set(`${where.topic}/${where.partition}`, 9n)
    expect(await onBatch(log.batch(where, 0n))).toMatchObject({ kind: 'retry', from: 0n })
    expect([cursorOf(store), failures]).toEqual([9n, []])
  })

  test('whose documents others write at the same time is folded on top of theirs', async () => {
    const { store, log, onBatch } = setting()
    store.overtake('tokens', 3)
    expect(await onBatch(log.batch(where, 0n))).toEqual({ kind: 'done' })
    expect(store.document('tokens', tokenId)).toMatchObject({ consent: { pageId: PAGE } })
  })

  test('waits while a rebuild compares', async () => {
    const { store, log, onBatch } = setting()
    store.generation.isFrozen = true
    expect(await onBatch(log.batch(where, 0n))).toMatchObject({ kind: 'retry', from: 0n })
    expect(store.contents()).toEqual({})
  })
})

describe('a store that is away', () => {
  test('makes the partition wait, longer each time, and never ends the process', async () => {
    const { log, onBatch, failures } = setting({
      fault: () => {
        throw unreachable()
      },
    })
    const waits: number[] = []
    for (let turn = 0; turn < 8; turn += 1) {
      const result = await onBatch(log.batch(where, 0n))
      if (result.kind === 'retry') waits.push(result.afterMs)
    }
    expect(waits).toEqual([100, 200, 400, 800, 1600, 3200, 5000, 5000])
    expect(failures).toEqual([])
  })
})

describe('the process ends', () => {
  test('when the store was emptied', async () => {
    const { log, onBatch, failures } = setting({
      fault: (step) => {
        if (step === 'now') throw appError('OTN_STORE_GENERATION_LOST', { message: 'gone' })
      },
    })
    expect(await onBatch(log.batch(where, 0n))).toMatchObject({ kind: 'retry' })
    expect(failures).toMatchObject([{ code: 'OTN_STORE_GENERATION_LOST' }])
  })

  const overtaken = () => {
    const made = setting({
      fault: (step) => {
        const key = `${where.topic}/${where.partition}`
        if (step === 'before move') made.store.cursors.set(key, 5n)
      },
    })
    return made
  }

  test('when somebody else moved the cursor in the middle of a batch', async () => {
    const { log, onBatch, failures, store } = overtaken()
    expect(await onBatch(log.batch(where, 0n))).toMatchObject({ kind: 'retry' })
    expect(failures).toMatchObject([{ code: 'OTN_STORE_CURSOR_MOVED' }])
    expect(cursorOf(store)).toBe(5n)
  })

  test('not when the partition had been given away meanwhile', async () => {
    const { log, onBatch, failures } = overtaken()
    const stale: Batch = { ...log.batch(where, 0n), isStale: () => true }
    expect(await onBatch(stale)).toMatchObject({ kind: 'retry' })
    expect(failures).toEqual([])
  })
})

describe('a record that cannot be read', () => {
  test('is parked with its place, and what follows it is folded', async () => {
    const { store, log, onBatch, parked } = setting()
    log.appendRaw(where, Buffer.from('no avro'))
    log.append('optIn', [optIn({ psid: one.psid, token: 't2' })])
    expect(await onBatch(log.batch(where, 0n))).toEqual({ kind: 'done' })
    expect(parked).toMatchObject([{ position: { ...where, offset: 1n }, reason: 'malformed' }])
    expect(store.document('tokens', tokenIdOf('t2'))).not.toBeNull()
  })

  test('of a schema that the registry does not know is parked', async () => {
    const { log, onBatch, parked } = setting()
    log.appendRaw(where, unknownSchema())
    await onBatch(log.batch(where, 0n))
    expect(parked).toMatchObject([{ reason: 'unknown-schema', position: { offset: 1n } }])
  })

  test('of an unknown schema waits for the registry; what stands before is folded', async () => {
    const learn = async () => {
      throw appError('OTN_REGISTRY_UNREACHABLE', { message: 'away' })
    }
    const { store, log, onBatch, parked } = setting({ learn })
    log.appendRaw(where, unknownSchema())
    log.append('optIn', [optIn({ psid: one.psid, token: 't2' })])
    expect(await onBatch(log.batch(where, 0n))).toMatchObject({ kind: 'retry', from: 1n })
    expect(store.document('tokens', tokenId)).not.toBeNull()
    expect(store.document('tokens', tokenIdOf('t2'))).toBeNull()
    expect([cursorOf(store), parked]).toEqual([1n, []])
  })

  test('holds up no other partition, even where it cannot be parked', async () => {
    const { store, log, onBatch } = setting({ park: () => new Promise(() => {}) })
    const other = partitionOf('notification', personOf(one.psid))
    log.appendRaw(where, Buffer.from('no avro'))
    log.append('notification', [called({ type: 'NotificationSent', ...one })])
    void onBatch(log.batch(where, 0n))
    expect(await onBatch(log.batch(other, 0n))).toEqual({ kind: 'done' })
    expect(store.document('tokens', tokenId)).toMatchObject({ consent: null })
    expect(cursorOf(store)).toBe(0n)
  })
})

function unknownSchema(): Buffer {
  const framed = Buffer.alloc(9)
  framed.writeInt32BE(9_999, 1)
  return framed
}
