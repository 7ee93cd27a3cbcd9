import { appError, commandId } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { notify } from '../../test/support/command-facts.ts'
import { createMemoryPorts, proposed } from '../../test/support/memory-ports.ts'
import { settled } from '../../test/support/stage.ts'

const LEASE_MS = 60_000
const SETTLE_MS = 120_000
const ID = '1000:c-1'

/** A store with one command, and processes that come and go. */
async function world() {
  const ports = createMemoryPorts()
  const { record, runAs, state, store } = ports
  state.tokens = [proposed()]
  await record([notify()])
  state.offered.splice(0)
  let processes = 0
  /** The next process takes what is due, and works on it or dies with it merely leased. */
  const next = async (does: 'works' | 'leases' = 'works') => {
    processes += 1
    state.machineMs += LEASE_MS + SETTLE_MS
    const query = { nowMs: state.nowMs, limit: 10, without: [], busy: new Set<string>() }
    const worker = `process-${processes}`
    const taken = store.takeDue(query, { leaseMs: LEASE_MS, worker })
    if (does === 'leases') return
    const run = runAs(worker)
    for (const document of taken) void run(document).catch(() => {})
    await settled()
  }
  return { ...ports, next, last: () => state.log.at(-1) }
}

describe('a command that ends each process that works on it', () => {
  test('[K19] is given up after four deaths in a row, three of them its own, and the others go on', async () => {
    const { next, record, state, last, store } = await world()
    state.diesAt = 'ledger'
    for (const _ of [1, 2, 3, 4]) await next()
    expect(state.log).toEqual([])
    await next()
    expect(last()).toMatchObject({ type: 'NotificationFailed', reason: 'crashed-repeatedly' })
    state.diesAt = null
    await record([notify({ commandId: commandId('c-2') })])
    await next()
    expect(last()).toMatchObject({ type: 'NotificationSent', commandId: 'c-2' })
    expect(store.read(ID)).toMatchObject({ worker: null, deaths: 0 })
  })

  test('[K19] takes no neighbour along that was being worked on each time', async () => {
    const { next, record, state, last, store } = await world()
    await record([notify({ commandId: commandId('c-2') })])
    state.diesAt = 'ledger'
    for (const _ of [1, 2, 3, 4]) await next()
    state.diesAt = null
    await next()
    expect(store.read(ID)?.command.final).toMatchObject({ reason: 'crashed-repeatedly' })
    expect(last()).toMatchObject({ type: 'NotificationSent', commandId: 'c-2' })
  })

  test('is left in doubt where it may have gone out: each call in another process', async () => {
    const { next, state, last } = await world()
    state.diesAt = 'call'
    for (const _ of Array(9)) await next()
    expect(last()).toMatchObject({ type: 'NotificationInDoubt', reason: 'crashed-repeatedly' })
    expect(state.calls).toHaveLength(4)
  })
})

describe('no death of a process by a command', () => {
  test('is its end while it had merely leased the command', async () => {
    const { next, last } = await world()
    for (const _ of [1, 2, 3, 4, 5]) await next('leases')
    await next()
    expect(last()).toMatchObject({ type: 'NotificationSent' })
  })

  test('is an engine that was away, however often the process was started again', async () => {
    const { next, state, last, store } = await world()
    state.ledgerFails = new Error('made up')
    for (const _ of [1, 2, 3, 4, 5]) await next()
    expect(store.read(ID)).toMatchObject({ worker: null, deaths: 0 })
    state.ledgerFails = null
    await next()
    expect(last()).toMatchObject({ type: 'NotificationSent' })
  })

  test('is remembered once a process lived through the work', async () => {
    const { next, state, last } = await world()
    const away = appError('OTN_LEDGER_UNAVAILABLE', { message: 'made up' })
    for (const _ of [1, 2]) {
      state.diesAt = 'ledger'
      await next()
      await next()
      state.diesAt = null
      state.ledgerFails = away
      await next()
    }
    state.ledgerFails = null
    await next()
    expect(last()).toMatchObject({ type: 'NotificationSent' })
  })
})
