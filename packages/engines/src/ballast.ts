import { type FileHandle, open, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'

/** Neither mongod nor a broker looks at a file of this name. */
const NAME = '.ballast'
/** What a server gives back meanwhile is taken again this soon, ms. */
const AGAIN_MS = 100
const MEGABYTE = 1_048_576
/** Large pieces first, then what is left. */
const PIECES = [MEGABYTE, 4_096] as const

/**
 * Takes all that is left of a file system in memory, and goes on taking it until told.
 * @param folder its root
 * @param megabytes how large it is; where another one is found in its place, nothing is taken
 */
export function ballastIn(
  folder: string,
  megabytes: number,
): { fill(): Promise<void>; free(): Promise<void> } {
  const path = join(folder, NAME)
  let taking: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout | null = null

  const take = (): Promise<void> => {
    taking = taking.then(async () => {
      await requireSize(folder, megabytes)
      await takeAll(path)
    })
    return taking
  }
  return {
    fill: async () => {
      timer ??= setInterval(() => void take().catch(() => undefined), AGAIN_MS).unref()
      await take()
    },
    free: async () => {
      if (timer !== null) clearInterval(timer)
      timer = null
      await taking.catch(() => undefined)
      taking = Promise.resolve()
      await rm(path, { force: true })
    },
  }
}

/** Whoever held the mount may be gone, and the disk of this machine is not ours to fill. */
async function requireSize(folder: string, megabytes: number): Promise<void> {
  const { blocks, bsize } = await statfs(folder)
  const found = Math.round((blocks * bsize) / MEGABYTE)
  if (found !== megabytes) throw new Error(`${folder} has ${found} MB, not ${megabytes}`)
}

async function takeAll(path: string): Promise<void> {
  const file = await open(path, 'a')
  try {
    for (const size of PIECES) await append(file, Buffer.alloc(size))
  } finally {
    await file.close()
  }
}

async function append(file: FileHandle, piece: Buffer): Promise<void> {
  for (;;) {
    try {
      await file.write(piece)
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') return
      throw error
    }
  }
}
