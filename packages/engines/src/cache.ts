/**
 * Downloaded engines, kept between runs. A folder in the cache is complete from the moment it
 * exists: it is filled under another name and renamed, so a broken download is never seen and a
 * later start makes no network call.
 */
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Log } from './engine.ts'
import { GiveUp, waitFor } from './wait-for.ts'

/** A download of 110 MB over a slow line, twice over. */
const LOCK_WAIT_MS = 30 * 60_000

export interface Cache {
  readonly cacheDir: string
  readonly log: Log
}

export interface CacheEntry extends Cache {
  /** Name of the folder; carries the version. */
  readonly name: string
  /** What downloads it; two runs of the same tool never meet. */
  readonly tool: 'maven' | 'pip'
  /** Fills the empty folder it is given. */
  readonly fill: (folder: string) => Promise<void>
}

/** Where engines are kept: `OTN_CACHE_DIR`, else `otn` below the user's cache folder. */
export function defaultCacheDir(env: NodeJS.ProcessEnv = process.env): string {
  if (env.OTN_CACHE_DIR) return env.OTN_CACHE_DIR
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'otn')
}

/** Whether an entry is there, without making it. */
export function isCached(cacheDir: string, name: string): boolean {
  return existsSync(join(cacheDir, name))
}

/**
 * The folder of an entry, filled at most once per machine; safe with several processes at a time.
 * One fills while the others wait, which also keeps two Mavens out of one local repository.
 */
export async function cached({ cacheDir, log, name, tool, fill }: CacheEntry): Promise<string> {
  const folder = join(cacheDir, name)
  if (existsSync(folder)) return folder
  await mkdir(cacheDir, { recursive: true })
  const release = await lock(join(cacheDir, `${tool}.lock`))
  try {
    if (existsSync(folder)) return folder
    await removeLeftovers(cacheDir)
    const unfinished = join(cacheDir, `.${name}.${process.pid}.${randomUUID().slice(0, 8)}.part`)
    await mkdir(unfinished)
    log(`${name}: downloading, once, into ${cacheDir}`)
    try {
      await fill(unfinished)
      await rename(unfinished, folder)
    } finally {
      await rm(unfinished, { recursive: true, force: true })
    }
    return folder
  } finally {
    await release()
  }
}

/** Holds a lock file with our process id; takes over one whose process is gone. */
async function lock(path: string): Promise<() => Promise<void>> {
  await waitFor(
    async () => {
      const mine = await createLockFile(path)
      if (!mine) await removeIfDead(path)
      return mine
    },
    { timeoutMs: LOCK_WAIT_MS, intervalMs: 100, describe: `another download to end (${path})` },
  )
  return () => rm(path, { force: true })
}

async function createLockFile(path: string): Promise<boolean> {
  try {
    await writeFile(path, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false
    throw new GiveUp(error)
  }
}

async function removeIfDead(path: string): Promise<void> {
  const holder = Number(await readFile(path, 'utf8').catch(() => ''))
  // Empty for the instant between creation and writing: not a dead holder.
  if (holder === 0 || isAlive(holder)) return
  // Renamed first, so that of several waiters only one removes this very file.
  const aside = `${path}.${randomUUID()}`
  await rename(path, aside).then(
    () => rm(aside, { force: true }),
    () => undefined,
  )
}

async function removeLeftovers(cacheDir: string): Promise<void> {
  for (const name of await readdir(cacheDir)) {
    const pid = /^\..*\.(\d+)\.[0-9a-f]{8}\.part$/.exec(name)?.[1]
    if (pid === undefined || isAlive(Number(pid))) continue
    await rm(join(cacheDir, name), { recursive: true, force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return hasCode(error, 'EPERM')
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
