/** The folder of the spool: one file after another, each synced, and so is the folder itself. */
import { open, readdir, readFile, rename, rm, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import type { SpoolDisk, SpoolFile, SpoolSegment } from '../ports.ts'

/** In the order of their names; the number grows for ever. */
const SEGMENT = /^(\d{12})\.spool$/
const DAMAGED = /\.damaged$/
const OWNER_ONLY = 0o600

/** @throws what the file system says: the folder cannot be read */
export async function openSpoolDisk(folder: string): Promise<SpoolDisk> {
  const names = await readdir(folder)
  let last = Math.max(0, ...names.map((name) => Number(SEGMENT.exec(name)?.[1] ?? 0)))
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
      await syncFolder(folder)
      return file
    },
    remove: async (name) => {
      await rm(pathOf(name))
      await syncFolder(folder)
    },
    cut: async (name, bytes) => {
      await truncate(pathOf(name), bytes)
      const file = await open(pathOf(name), 'r+')
      await file.sync().finally(() => file.close())
    },
    setAside: async (name) => {
      await rename(pathOf(name), pathOf(`${name}.damaged`))
      await syncFolder(folder)
    },
  }
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
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  await handle.sync().finally(() => handle.close())
}
