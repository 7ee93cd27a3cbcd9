/** The folder of the spool: one file after another, each synced, and so is the folder itself. */
import { link, open, readdir, readFile, rm, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import type { SpoolDisk, SpoolFile, SpoolSegment } from '../ports.ts'

/** In the order of their names; the number grows for ever. */
const SEGMENT = /^(\d{12})\.spool$/
const DAMAGED = /\.damaged$/
/** A number is given once, also where its file was set aside. */
const NUMBERED = /^(\d{12})\.spool(\..*)?$/
const OWNER_ONLY = 0o600

/**
 * @param sync makes names of a folder last; another one where its faults are to be seen
 * @throws what the file system says: the folder cannot be read
 */
export async function openSpoolDisk(folder: string, sync = syncFolder): Promise<SpoolDisk> {
  const names = await readdir(folder)
  let last = Math.max(0, ...names.map((name) => Number(NUMBERED.exec(name)?.[1] ?? 0)))
  const pathOf = (name: string) => join(folder, name)
  return {
    list: async () => {
      const segments = names.filter((name) => SEGMENT.test(name)).toSorted()
      return Promise.all(segments.map((name) => segmentOf(folder, name)))
    },
    damaged: async () => (await readdir(folder)).filter((name) => DAMAGED.test(name)).length,
    read: (name) => readFile(pathOf(name)),
    create: async () => {
      last += 1
      const name = `${String(last).padStart(12, '0')}.spool`
      const file = await openFile(pathOf(name), name)
      try {
        await sync(folder)
      } catch (error) {
        await file.close().finally(() => rm(pathOf(name), { force: true }))
        throw error
      }
      return file
    },
    remove: async (name) => {
      // Asked again where the folder could not be synced: the file is gone then.
      await rm(pathOf(name), { force: true })
      await sync(folder)
    },
    cut: async (name, bytes) => {
      await truncate(pathOf(name), bytes)
      const file = await open(pathOf(name), 'r+')
      await file.sync().finally(() => file.close())
    },
    setAside: async (name) => {
      await keepBeside(pathOf(name))
      await sync(folder)
    },
  }
}

/** Under a name that nothing has: what was set aside before may be all that is left of it. */
async function keepBeside(path: string): Promise<void> {
  for (let turn = 1; ; turn += 1) {
    const aside = turn === 1 ? `${path}.damaged` : `${path}.${turn}.damaged`
    try {
      await link(path, aside)
    } catch (error) {
      // Asked again where the folder could not be synced: it is there already.
      if (isCode(error, 'ENOENT') && (await exists(aside))) return
      if (!isCode(error, 'EEXIST')) throw error
      // The same file under both names: a crash came between.
      if (!(await isSameFile(path, aside))) continue
    }
    return rm(path)
  }
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

async function isSameFile(one: string, other: string): Promise<boolean> {
  const [{ ino, dev }, there] = await Promise.all([stat(one), stat(other)])
  return ino === there.ino && dev === there.dev
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

async function segmentOf(folder: string, name: string): Promise<SpoolSegment> {
  return { name, bytes: (await stat(join(folder, name))).size }
}

async function openFile(path: string, name: string): Promise<SpoolFile> {
  const file = await open(path, 'wx', OWNER_ONLY)
  return {
    name,
    write: async (bytes) => {
      // One call may write a part of it.
      for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at)).bytesWritten
    },
    sync: () => file.sync(),
    close: () => file.close(),
  }
}

/** Without it a file that was synced may have no name after a loss of power. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  await handle.sync().finally(() => handle.close())
}
