import { isAppError } from '@otn/kernel'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { vault } from '../../test/codec.ts'
import { createMemoryDisk, type MemoryDisk } from '../../test/memory-disk.ts'
import type { Spool, VerifiedWebhook } from '../ports.ts'
import { openSpool } from './spool-on-disk.ts'
import { createSpoolSeal } from './spool-seal.ts'

const MIB = 1024 * 1024
const LIMIT_MS = 10_000
const seal = createSpoolSeal(vault)

function webhook(name: string, bytes = 0): VerifiedWebhook {
  const body = Buffer.from(name.padEnd(bytes, '.'))
  return { body, signature: 'sha256=ab', appId: '77', receivedAtMs: 1_000 }
}

async function open(disk: MemoryDisk, bytesMax = 1024 * MIB) {
  const cut: number[] = []
  const onCut = (bytes: number) => void cut.push(bytes)
  return { spool: await openSpool(disk, { bytesMax, seal, onCut }), cut }
}

/** Everything it holds, by name; taken out. */
async function drained(spool: Spool): Promise<readonly string[]> {
  const names: string[] = []
  for (;;) {
    const segment = await spool.oldest()
    if (segment === null) return names
    for (const read of segment.webhooks) names.push(read().body.toString().replace(/\.+$/, ''))
    await segment.forget()
  }
}

const put = (spool: Spool, name: string, bytes = 0) => spool.append(webhook(name, bytes), LIMIT_MS)

describe('the spool', () => {
  test('gives back byte for byte what it was given, in order, over a restart', async () => {
    const disk = createMemoryDisk()
    const { spool } = await open(disk)
    const body = Buffer.from([0x00, 0xff, 0x0a, 0x7b])
    await spool.append({ ...webhook(''), body }, LIMIT_MS)
    await put(spool, 'b')
    const after = (await open(disk)).spool
    const segment = await after.oldest()
    expect(segment?.webhooks[0]?.()).toEqual({ ...webhook(''), body })
    expect(segment?.webhooks[1]?.().body.toString()).toBe('b')
    expect(after.state()).toMatchObject({ segments: 1, oldestAtMs: 1_000, damaged: 0 })
  })

  test('writes nothing in clear', async () => {
    const disk = createMemoryDisk()
    const { spool } = await open(disk)
    await spool.append({ ...webhook('planted-body'), signature: 'planted' }, LIMIT_MS)
    const bytes = await disk.read(disk.names()[0] ?? '')
    expect(bytes.length).toBeGreaterThan(50)
    expect(bytes.toString('latin1')).not.toContain('planted')
    expect(bytes.toString('latin1')).not.toContain(Buffer.from('planted-body').toString('base64'))
  })

  test('syncs once for many that wait', async () => {
    const disk = createMemoryDisk()
    const { spool } = await open(disk)
    await Promise.all(Array.from({ length: 200 }, (_, index) => put(spool, String(index))))
    expect(disk.calls.sync).toBe(2)
    expect(await drained(spool)).toEqual(Array.from({ length: 200 }, (_, index) => String(index)))
  })

  test.each(['write', 'sync'] as const)(
    'refuses those whose %s failed, keeps those before, and goes on in another file',
    async (name) => {
      const disk = createMemoryDisk()
      const { spool } = await open(disk)
      await put(spool, 'before')
      disk.fail[name] = new Error('no space left')
      const refused = await put(spool, 'refused').catch((error) => error)
      expect(isAppError(refused, 'OTN_HTTP_UNAVAILABLE')).toBe(true)
      await put(spool, 'after')
      expect(disk.names()).toHaveLength(2)
      expect((await drained(spool)).filter((it) => it !== 'refused')).toEqual(['before', 'after'])
      expect(spool.state()).toMatchObject({ bytes: 0, segments: 0, damaged: 0 })
      expect(disk.names()).toEqual([])
    },
  )

  test('takes nothing when it is full, says so beforehand, and takes again when drained', async () => {
    const { spool } = await open(createMemoryDisk(), 16 * MIB)
    let taken = 0
    while (!spool.state().isFull) {
      await put(spool, `t${taken}`, MIB)
      taken += 1
    }
    expect(taken).toBe(8)
    await expect(put(spool, 'more')).rejects.toMatchObject({ code: 'OTN_HTTP_UNAVAILABLE' })
    expect(spool.state().bytes).toBeLessThanOrEqual(16 * MIB)
    expect(await drained(spool)).toHaveLength(taken)
    await put(spool, 'more')
    expect(await drained(spool)).toEqual(['more'])
  })

  test('does not wait for a disk that hangs', async () => {
    const disk = createMemoryDisk()
    const hangs = { ...disk, create: () => new Promise<never>(() => {}) }
    const { spool } = await open(hangs)
    await expect(spool.append(webhook('a'), 5)).rejects.toMatchObject({
      message: 'the spool took too long',
    })
  })

  test('what comes while the oldest is drained goes to another file', async () => {
    const { spool } = await open(createMemoryDisk())
    await put(spool, 'a')
    const segment = await spool.oldest()
    await put(spool, 'b')
    expect(segment?.webhooks).toHaveLength(1)
    expect(await segment?.forget()).toEqual({ isSound: true })
    expect(await drained(spool)).toEqual(['b'])
  })

  test('sets aside a file of which a whole one was altered, and gives what it can', async () => {
    const disk = createMemoryDisk()
    const first = (await open(disk)).spool
    await put(first, 'a')
    await put(first, 'b')
    await first.close()
    const second = (await open(disk)).spool
    await put(second, 'c')
    disk.alter('000000000001.spool', (bytes) => {
      bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
      return bytes
    })
    const third = (await open(disk)).spool
    expect(await drained(third)).toEqual(['a', 'c'])
    expect(third.state()).toMatchObject({ segments: 0, damaged: 1 })
    expect(disk.names()).toEqual(['000000000001.spool.damaged'])
    expect((await open(disk)).spool.state().damaged).toBe(1)
  })

  test.each([
    ['a bit of its first webhook', 60, ['b', 'c']],
    ['its head', 3, ['a', 'b', 'c']],
  ])('of whose newest file %s was altered loses no other webhook', async (_, at, names) => {
    const disk = createMemoryDisk()
    const first = (await open(disk)).spool
    for (const name of ['a', 'b', 'c']) await put(first, name)
    await first.close()
    disk.alter('000000000001.spool', (bytes) => {
      bytes[at] = (bytes[at] ?? 0) ^ 1
      return bytes
    })
    const { spool, cut } = await open(disk)
    expect(cut).toEqual([])
    expect(await drained(spool)).toEqual(names)
    expect(spool.state()).toMatchObject({ segments: 0, damaged: 1 })
  })

  test('a file that cannot be read lets the others through, and is asked for again', async () => {
    const disk = createMemoryDisk()
    const first = (await open(disk)).spool
    await put(first, 'a')
    await first.close()
    const { read } = disk
    const { spool } = await open(disk)
    await put(spool, 'b')
    let isUnreadable = true
    disk.read = async (name) => {
      if (isUnreadable && name === '000000000001.spool') throw new Error('EIO')
      return read(name)
    }
    await expect(spool.oldest()).rejects.toThrow('EIO')
    expect(await drained(spool)).toEqual(['b'])
    await expect(spool.oldest()).rejects.toThrow('EIO')
    isUnreadable = false
    expect(await spool.oldest()).toBeNull()
    expect(await drained(spool)).toEqual(['a'])
  })

  test('a seal does not open under another app or time of receipt', () => {
    const entry = seal.seal(webhook('a'))
    expect(() => seal.open({ ...entry, appId: '78' })).toThrow(/does not open/)
    expect(() => seal.open({ ...entry, receivedAtMs: 1_001 })).toThrow(/does not open/)
  })
})

test('whatever a disk refuses, and whenever power is lost, all that was taken is there', async () => {
  const act = fc.oneof(
    { weight: 8, arbitrary: fc.constant('put' as const) },
    { weight: 1, arbitrary: fc.constantFrom('write' as const, 'sync' as const, 'close' as const) },
    { weight: 1, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }) },
  )
  const acts = fc.array(act, { maxLength: 40 })
  await fc.assert(
    fc.asyncProperty(acts, async (list) => {
      const taken: string[] = []
      let disk = createMemoryDisk()
      let { spool } = await open(disk)
      for (const [index, what] of list.entries()) {
        if (what === 'put') {
          await put(spool, String(index)).then(
            () => taken.push(String(index)),
            () => {},
          )
        } else if (what === 'close') {
          await spool.close()
        } else if (typeof what === 'string') {
          disk.fail[what] = new Error('refused')
        } else {
          // Two are under way when the power goes: nobody was promised anything.
          void put(spool, `u${index}`).catch(() => {})
          void put(spool, `v${index}`).catch(() => {})
          await Promise.resolve()
          disk = disk.afterPowerLoss(what)
          spool = (await open(disk)).spool
        }
      }
      const found = await drained(spool)
      expect(found.filter((name) => taken.includes(name))).toEqual(taken)
      expect(spool.state()).toMatchObject({ segments: 0, bytes: 0, damaged: 0 })
    }),
    { numRuns: 300 },
  )
})
