import type { Faults } from '@otn/runtime'
import { errorCodeOf } from '@otn/testing'
import { describe, expect, test } from 'vitest'
import { codec, FakeLog, partitionOf } from '../../test/batches.ts'
import { optIn, personOf, tokenIdOf } from '../../test/facts.ts'
import { createFakeStore } from '../../test/fake-store.ts'
import { eventHandlers, silentTell } from '../../test/folding.ts'
import { checkLedger } from '../config.ts'
import { type LedgerFaultPoint, ledgerFaultPoints } from '../fault-points.ts'
import type { Unusable } from '../log-ports.ts'
import type { RebuildSite, Rebuilds } from '../ports.ts'
import { foldBatches } from '../projection/fold-batch.ts'
import { seamsWith } from './with-fault-points.ts'

const one = { psid: '11', token: 't1' }
const where = partitionOf('optIn', personOf(one.psid))

/** Points that strike nobody and lose one answer. */
function observed(loses: LedgerFaultPoint | null = null) {
  const passes: string[] = []
  let wish = loses
  const faults: Faults<LedgerFaultPoint> = {
    pass: (point, side) => passes.push(`${point}.${side}`),
    loses: (point) => {
      const isLost = point === wish
      if (isLost) wish = null
      return isLost
    },
    around: async (point, work, lost) => {
      faults.pass(point, 'before')
      const answer = await work()
      faults.pass(point, 'after')
      return faults.loses(point) && lost ? lost() : answer
    },
  }
  return { passes, seams: seamsWith(faults) }
}

/** A fold of one opt-in, and of one record that nobody can read. */
function folding(loses: LedgerFaultPoint | null = null) {
  const { passes, seams } = observed(loses)
  const store = createFakeStore()
  const [log, parked, failures] = [new FakeLog(), [] as Unusable[], [] as Error[]]
  log.append('optIn', [optIn(one)])
  const park = async (messages: readonly Unusable[]) => void parked.push(...messages)
  const onBatch = seams.onBatch(
    foldBatches({
      ...{ store: seams.store(store), parking: seams.parking({ park }), codec },
      ...{ handlers: eventHandlers, tell: silentTell, nameOf: (topic) => topic },
      fail: (error) => void failures.push(error),
    }),
  )
  const batch = () => {
    const good = log.batch(where, 0n)
    const [first] = good.records
    if (first === undefined) throw new Error('the log holds a record')
    const broken = { ...first, offset: first.offset + 1n, value: Buffer.from('broken') }
    return { ...good, records: [first, broken], highWatermark: 2n }
  }
  const cursor = () => store.cursors.get(`${where.topic}/${where.partition}`) ?? 0n
  return { passes, store, parked, failures, cursor, run: () => onBatch(batch()) }
}

/** What a rebuild is done with, each step leaving its name. */
function rebuilding(loses: LedgerFaultPoint | null = null) {
  const { passes, seams } = observed(loses)
  const store = createFakeStore()
  const step = <T>(name: string, answer: T) => {
    return async () => {
      passes.push(name)
      return answer
    }
  }
  const begin = async () => {
    const { model, cursors } = await store.now()
    const site = {
      ...{ id: 'r', fromVersion: 1, toVersion: 2, served: { model, cursors }, rebuilt: model },
      ...{ renew: step('renew', true), freeze: step('freeze', true), swap: step('swap', true) },
      ...{ compare: step('compare', {}), dropServed: step('drop', undefined) },
      abandon: step('abandon', undefined),
    }
    return site as unknown as RebuildSite
  }
  const rebuilds: Rebuilds = { begin, report: async () => {}, last: async () => null }
  return { passes, rebuilds: seams.rebuilds(rebuilds) }
}

describe('without faults', () => {
  test('every port is the very one that was joined', () => {
    const { commits, ...seams } = seamsWith(null)
    expect(Object.keys(seams)).toHaveLength(6)
    for (const seam of Object.values(seams)) {
      const port = {}
      expect((seam as (port: object) => object)(port)).toBe(port)
    }
    expect(commits).toEqual({})
  })
})

describe('the points of a batch', () => {
  test('stand right before and right after each step of it', async () => {
    const { run, passes, parked, cursor } = folding()
    expect(await run()).toEqual({ kind: 'done' })
    const both = ['load.before', 'load.before', 'load.after', 'load.after']
    expect(passes.slice(0, 3)).toEqual(['batch.before', 'park.before', 'park.after'])
    expect(passes.slice(3, 7).toSorted()).toEqual(both.toSorted())
    // Tokens and persons are written side by side, a pass each: the middle of a batch.
    const applied = ['apply.before', 'apply.before', 'apply.after', 'apply.after']
    expect(passes.slice(7, 11).toSorted()).toEqual(applied.toSorted())
    // Then the tokens again, and after them what may have withdrawn their consent.
    expect(passes.slice(11, 13)).toEqual(['load.before', 'load.after'])
    expect(passes.slice(13, 17).toSorted()).toEqual(both.toSorted())
    expect(passes.slice(17)).toEqual(['cursor.before', 'cursor.after', 'batch.after'])
    expect([parked.length, cursor()]).toEqual([1, 2n])
  })

  test.each([
    ['park', 0n, 1],
    ['load', 0n, 1],
    ['apply', 0n, 1],
    ['cursor', 2n, 1],
  ] as const)('a lost answer of %s has the batch come again, and ends nothing', async (...row) => {
    const [point, stored, parkings] = row
    const { run, failures, cursor, parked, store } = folding(point)
    expect(await run()).toMatchObject({ kind: 'retry', from: 0n })
    expect([cursor(), parked.length]).toEqual([stored, parkings])
    await run()
    expect(store.document('tokens', tokenIdOf(one.token))).not.toBeNull()
    expect([cursor(), failures]).toEqual([2n, []])
  })

  test('a commit is passed, and may be lost as one that failed', async () => {
    const { passes, seams } = observed('commit')
    const commit = seams.commits.aroundCommit?.(async () => void passes.push('committed'))
    expect(await errorCodeOf(commit)).toBe('OTN_BUS_NOT_ACKNOWLEDGED')
    expect(passes).toEqual(['commit.before', 'committed', 'commit.after'])
  })
})

describe('the points of an answer and of a rebuild', () => {
  test('stand around the telling of own facts, and its answer may be lost', async () => {
    const { passes, seams } = observed('tell')
    const facts = seams.facts({ tell: async () => void passes.push('told') })
    expect(await errorCodeOf(facts.tell([]))).toBe('OTN_BUS_NOT_ACKNOWLEDGED')
    expect(passes).toEqual(['tell.before', 'told', 'tell.after'])
  })

  test('stand around the question of the candidates', async () => {
    const { passes, seams } = observed()
    const served = { ask: async () => void passes.push('asked') }
    type Route = Parameters<typeof seams.candidates>[0]
    const asking: { work?: Promise<unknown> } = {}
    const route: Route = (_app, parts) => {
      asking.work = parts.served.ask(async () => null)
    }
    seams.candidates(route)(...([{}, { served }] as unknown as Parameters<Route>))
    await asking.work
    expect(passes).toEqual(['answer.before', 'asked', 'answer.after'])
  })

  test('stand around each step of a rebuild and each of its writes', async () => {
    const { passes, rebuilds } = rebuilding()
    const site = await rebuilds.begin()
    await site?.rebuilt.tokens.save([])
    await site?.served.model.pages.load([])
    await site?.renew()
    await site?.freeze()
    await site?.compare()
    await site?.swap({} as Parameters<RebuildSite['swap']>[0])
    await site?.dropServed()
    expect(passes).toEqual([
      ...['rebuild.before', 'rebuild.after'],
      ...['apply.before', 'apply.after', 'load.before', 'load.after', 'renew'],
      ...['rebuild.before', 'freeze', 'rebuild.after'],
      ...['rebuild.before', 'compare', 'rebuild.after'],
      ...['rebuild.before', 'swap', 'rebuild.after'],
      ...['rebuild.before', 'drop', 'rebuild.after'],
    ])
  })

  test('the answer to a step of a rebuild may be lost', async () => {
    const { rebuilds } = rebuilding('rebuild')
    expect(await errorCodeOf(rebuilds.begin())).toBe('OTN_STORE_UNREACHABLE')
  })
})

test('the setting names the points there are, and is refused in production', () => {
  const values = { mode: 'test', clockUrl: null, replicationFactor: 3, faultPoints: null }
  const masterKey = { reveal: () => `k1:${Buffer.alloc(32).toString('base64')}` }
  const check = (more: object) => {
    const given = { ...values, masterKey, ...more } as unknown as Parameters<typeof checkLedger>[0]
    return checkLedger(given).map(({ env }) => env)
  }
  const points = Object.keys(ledgerFaultPoints)
  expect(points).toHaveLength(9)
  for (const point of points) expect(check({ faultPoints: `freeze:${point}.after@2` })).toEqual([])
  expect(check({ faultPoints: 'lose:claim' })).toEqual(['OTN_FAULT_POINTS'])
  const mode = 'production'
  expect(check({ mode, faultPoints: 'kill:apply.before' })).toEqual(['OTN_FAULT_POINTS'])
})
