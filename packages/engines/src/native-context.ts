/** What every natively started engine gets. */
import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Log } from './engine.ts'
import { type Keeper, startKeeper } from './keeper-client.ts'

export interface NativeContext {
  readonly keeper: Keeper
  /** Holds one folder per engine and `logs`. */
  readonly dataDir: string
  readonly cacheDir: string
  readonly log: Log
}

export interface ContextOptions {
  /** Kept at the end; without it data goes to a temporary folder that is removed. */
  readonly dataDir?: string | undefined
  readonly cacheDir: string
  readonly log: Log
}

/** Makes the data folder and the keeper that will end and clear everything. */
export async function openContext(options: ContextOptions): Promise<NativeContext> {
  const { cacheDir, log } = options
  const isTemporary = options.dataDir === undefined
  const dataDir = resolve(options.dataDir ?? join(tmpdir(), `otn-engines-${randomUUID()}`))
  // Before the folder: whatever happens from here on, somebody is there to remove it.
  const keeper = startKeeper({ remove: isTemporary ? dataDir : null })
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  await mkdir(join(dataDir, 'logs'), { recursive: true })
  return { keeper, dataDir, cacheDir, log }
}
