/** To the log while it answers, to the spool while it does not for long, and from there to the log. */
import { appError, MINUTE_MS } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { vault } from '../../test/codec.ts'
import { createMemoryDisk } from '../../test/memory-disk.ts'
import { NOW } from '../../test/surroundings.ts'
import { openSpool } from '../adapters/spool-on-disk.ts'
import { createSpoolSeal } from '../adapters/spool-seal.ts'
import { createLogOutage } from '../domain/log-outage.ts'
import type { TellSpool, VerifiedWebhook } from '../ports.ts'
import { drainSpool } from './drain-spool.ts'
import { spoolWebhook } from './spool-webhook.ts'

const AFTER_MS = 5 * MINUTE_MS
const POISON = 'poison'

async function scene(disk = createMemoryDisk()) {
  const log: { readonly name: string; readonly receivedAtMs: number }[] = []
  const told: string[] = []
  const world = { nowMs: NOW, isAway: false, asked: 0, partitionAway: '-' }
  const tell: TellSpool = {
    spoolOpened: () => {},
    spoolCut: (bytes) => told.push(`cut ${bytes}`),
    spooled: () => told.push('spooled'),
    notSpooled: () => told.push('not spooled'),
    drained: () => {},
    spoiled: () => told.push('spoiled'),
    drainHalted: () => told.push('halted'),
    segmentDrained: (count, { isSound }) => told.push(`${count} drained${isSound ? '' : ', kept'}`),
  }
  const options = { bytesMax: 2 ** 30, seal: createSpoolSeal(vault), onCut: tell.spoolCut }
  const spool = await openSpool(disk, options)
  const take = async ({ body, receivedAtMs }: VerifiedWebhook) => {
    world.asked += 1
    if (world.isAway || body.toString().startsWith(world.partitionAway))
      throw appError('OTN_HTTP_UNAVAILABLE', { message: 'away' })
    if (body.toString() === POISON) throw new Error('a fault of ours')
    log.push({ name: body.toString(), receivedAtMs })
    return 1
  }
  const outage = createLogOutage(AFTER_MS)
  const clock = { nowMs: () => world.nowMs }
  const spooling = spoolWebhook({ take, spool, outage, clock, tell, deadlineMs: 2_500 })
  const draining = drainSpool({ spool, take, outage, tell })
  /** Whether it is answered 200. */
  const post = (name: string) => {
    const head = { signature: 'sha256=ab', appId: '77', receivedAtMs: world.nowMs }
    return spooling({ body: Buffer.from(name), ...head }, () => 1).then(
      () => true,
      () => false,
    )
  }
  /** The log goes away, and so long that webhooks go to the spool. */
  const longOutage = async () => {
    world.isAway = true
    expect(await post('first')).toBe(false)
    world.nowMs += AFTER_MS
  }
  const names = () => log.map(({ name }) => name)
  return { disk, world, log, told, spool, draining, post, longOutage, names }
}

describe('a webhook', () => {
  test('is to be sent again until the log was away for long, then it is kept [S1-47]', async () => {
    const { world, post, told, log } = await scene()
    world.isAway = true
    for (let minute = 0; minute < 5; minute += 1) {
      expect(await post(`m${minute}`)).toBe(false)
      world.nowMs += MINUTE_MS
    }
    expect(await post('m5')).toBe(true)
    expect({ told, log }).toEqual({ told: ['spooled'], log: [] })
  })

  test('asks no log in vain while others are kept', async () => {
    const { world, post, longOutage } = await scene()
    await longOutage()
    await post('a')
    const { asked } = world
    for (let index = 0; index < 10; index += 1) expect(await post(`b${index}`)).toBe(true)
    expect(world.asked).toBe(asked)
  })

  test('that is the first after a long silence asks the log before the disk', async () => {
    const { world, post, longOutage, names, told } = await scene()
    await longOutage()
    world.isAway = false
    expect(await post('a')).toBe(true)
    expect({ log: names(), told }).toEqual({ log: ['a'], told: [] })
    // And the outage is over: another one has to last as long again.
    world.isAway = true
    expect(await post('b')).toBe(false)
  })

  test('that neither log nor disk takes is to be sent again, and the log is asked anew', async () => {
    const { world, disk, post, longOutage, told, names } = await scene()
    await longOutage()
    disk.fail.write = new Error('no space left')
    expect(await post('a')).toBe(false)
    expect(told).toEqual(['not spooled'])
    world.isAway = false
    expect(await post('a')).toBe(true)
    expect(names()).toEqual(['a'])
  })

  test('of which our own code made a fault is not kept for later', async () => {
    const { post, told } = await scene()
    expect(await post(POISON)).toBe(false)
    expect(told).toEqual([])
  })
})

describe('what is on the spool', () => {
  test('goes to the log in order, with its time of receipt, once the log is back [S0-24]', async () => {
    const { disk, world, log, post, longOutage, draining, told } = await scene()
    await longOutage()
    const times: number[] = []
    for (let index = 0; index < 200; index += 1) {
      times.push(world.nowMs)
      await post(String(index))
      world.nowMs += 1_000
    }
    await draining.run()
    expect([told.at(-1), log]).toEqual(['halted', []])
    world.isAway = false
    await draining.run()
    expect(log).toEqual(times.map((receivedAtMs, index) => ({ name: String(index), receivedAtMs })))
    expect(disk.names()).toEqual([])
  })

  test('does not stand before what comes when the log is back', async () => {
    const { world, post, longOutage, draining, names, told } = await scene()
    await longOutage()
    await post('old')
    world.isAway = false
    await draining.run()
    told.length = 0
    expect(await post('new')).toBe(true)
    expect({ log: names(), told }).toEqual({ log: ['old', 'new'], told: [] })
  })

  test('is taken again after a crash in the middle, none left out', async () => {
    const { disk, world, post, longOutage, draining, names } = await scene()
    await longOutage()
    for (const name of ['a', 'b', 'c']) await post(name)
    world.isAway = false
    // Nothing of the process is left, and the file is still there.
    disk.remove = async () => {
      throw new Error('killed')
    }
    await draining.run()
    expect(names()).toEqual(['a', 'b', 'c'])
    const next = await scene(disk.afterPowerLoss(1))
    await next.draining.run()
    expect(next.names()).toEqual(['a', 'b', 'c'])
    expect(next.spool.state().segments).toBe(0)
  })

  test('and can never be taken holds nobody up, and is not deleted', async () => {
    const { disk, world, post, longOutage, draining, names, told, spool } = await scene()
    await longOutage()
    for (const name of ['a', POISON, 'b']) await post(name)
    world.isAway = false
    await draining.run()
    expect(names()).toEqual(['a', 'b'])
    expect(told.slice(-2)).toEqual(['spoiled', '3 drained, kept'])
    expect(disk.names()).toEqual([expect.stringContaining('.damaged')])
    expect(spool.state()).toMatchObject({ segments: 0, damaged: 1 })
  })

  test('and lies behind what a part of the log does not take goes there, once each', async () => {
    const { disk, world, post, longOutage, draining, names, told } = await scene()
    await longOutage()
    world.partitionAway = 'p'
    // More of them than one request holds, at the beginning and between the others.
    for (let index = 0; index < 100; index += 1) await post(`p${index}`)
    for (let index = 0; index < 100; index += 1) await post(`a${index}`)
    await post('p100')
    await draining.run()
    world.isAway = false
    for (let pass = 0; pass < 10; pass += 1) await draining.run()
    const through = Array.from({ length: 100 }, (_, index) => `a${index}`)
    expect(names().toSorted()).toEqual(through.toSorted())
    // And webhooks of the present go to the log.
    told.length = 0
    expect(await post('new')).toBe(true)
    expect(told).toEqual([])
    expect(disk.names()).toHaveLength(1)
    world.partitionAway = '-'
    await draining.run()
    const others = Array.from({ length: 101 }, (_, index) => `p${index}`)
    expect(names().slice(101).toSorted()).toEqual(others.toSorted())
    expect(disk.names()).toEqual([])
  })

  test('and comes later passes by a file of which a part is owed', async () => {
    const { disk, world, post, longOutage, draining, names, spool } = await scene()
    await longOutage()
    world.partitionAway = 'p'
    for (const name of ['p1', 'a', POISON]) await post(name)
    await spool.oldest()
    await post('b')
    world.isAway = false
    for (let pass = 0; pass < 4; pass += 1) await draining.run()
    expect({ log: names(), files: disk.names().length }).toEqual({ log: ['a', 'b'], files: 1 })
    world.partitionAway = '-'
    await draining.run()
    expect(names()).toEqual(['a', 'b', 'p1'])
    // What can never be taken is not forgotten meanwhile.
    expect(disk.names()).toEqual([expect.stringContaining('.damaged')])
  })

  test('is left where it is by a stop, and begun anew by none', async () => {
    const { disk, world, post, longOutage, draining, names } = await scene()
    await longOutage()
    await post('a')
    world.isAway = false
    await draining.close()
    await draining.run()
    expect({ log: names(), files: disk.names().length }).toEqual({ log: [], files: 1 })
  })
})
