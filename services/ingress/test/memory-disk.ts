/** A folder in memory that can lose power and refuse. Only what was synced is sure to survive. */
import type { SpoolDisk, SpoolFile } from '../src/ports.ts'

interface Held {
  bytes: Buffer
  synced: number
}

export interface MemoryDisk extends SpoolDisk {
  /** Calls so far, by name. */
  readonly calls: Record<'write' | 'sync' | 'remove', number>
  /** What the next call of this name throws, after it did its work half. */
  readonly fail: { write: Error | null; sync: Error | null }
  readonly names: () => readonly string[]
  /** What a loss of power leaves: of each file its synced bytes, and a part of those behind. */
  readonly afterPowerLoss: (share: number) => MemoryDisk
  readonly alter: (name: string, change: (bytes: Buffer) => Buffer) => void
}

export function createMemoryDisk(found: ReadonlyMap<string, Buffer> = new Map()): MemoryDisk {
  const files = new Map<string, Held>(
    [...found].map(([name, bytes]) => [name, { bytes, synced: bytes.length }]),
  )
  const calls = { write: 0, sync: 0, remove: 0 }
  const fail: MemoryDisk['fail'] = { write: null, sync: null }
  let last = Math.max(0, ...[...files.keys()].map((name) => Number.parseInt(name, 10)))
  const held = (name: string): Held => {
    const one = files.get(name)
    if (one === undefined) throw new Error(`no file ${name}`)
    return one
  }
  const isSegment = (name: string) => name.endsWith('.spool')
  const strike = (name: 'write' | 'sync') => {
    const error = fail[name]
    fail[name] = null
    if (error !== null) throw error
  }
  const fileAt = (name: string): SpoolFile => ({
    name,
    write: async (bytes) => {
      calls.write += 1
      const one = held(name)
      const half = fail.write === null ? bytes : bytes.subarray(0, bytes.length / 2)
      one.bytes = Buffer.concat([one.bytes, half])
      strike('write')
    },
    sync: async () => {
      // Others come meanwhile, as they do while a real disk works.
      await new Promise((resolve) => setImmediate(resolve))
      calls.sync += 1
      strike('sync')
      held(name).synced = held(name).bytes.length
    },
    close: async () => {},
  })
  return {
    calls,
    fail,
    names: () => [...files.keys()].toSorted(),
    list: async () =>
      [...files.keys()]
        .filter(isSegment)
        .toSorted()
        .map((name) => ({ name, bytes: held(name).bytes.length })),
    damaged: async () => [...files.keys()].filter((name) => !isSegment(name)).length,
    read: async (name) => held(name).bytes,
    create: async () => {
      last += 1
      const name = `${String(last).padStart(12, '0')}.spool`
      files.set(name, { bytes: Buffer.alloc(0), synced: 0 })
      return fileAt(name)
    },
    remove: async (name) => {
      calls.remove += 1
      files.delete(name)
    },
    cut: async (name, bytes) => {
      files.set(name, { bytes: held(name).bytes.subarray(0, bytes), synced: bytes })
    },
    setAside: async (name) => {
      files.set(`${name}.damaged`, held(name))
      files.delete(name)
    },
    afterPowerLoss: (share) =>
      createMemoryDisk(
        new Map(
          [...files].map(([name, { bytes, synced }]) => {
            const kept = synced + Math.floor((bytes.length - synced) * share)
            return [name, bytes.subarray(0, kept)]
          }),
        ),
      ),
    alter: (name, change) => {
      const bytes = change(Buffer.from(held(name).bytes))
      files.set(name, { bytes, synced: bytes.length })
    },
  }
}
