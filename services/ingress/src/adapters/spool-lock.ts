import { randomBytes } from 'node:crypto'
import { link, mkdir, rename, rm } from 'node:fs/promises'
import { connect, createServer, type Server } from 'node:net'
import { dirname, join, resolve } from 'node:path'
import { appError } from '@otn/kernel'
import { syncFolder } from './spool-disk.ts'

const NAME = 'in-use.sock'
/** What says that nobody listens; whatever else is said, somebody may. */
const DEAD = new Set(['ECONNREFUSED', 'ENOENT'])

/**
 * Makes the folder and keeps it for this process: of two that drain it each would delete what the
 * other still writes.
 * A socket and no file with a process id: it is free again by itself when its owner dies, and tells
 * the truth across containers, where every process has the id 1.
 * @throws OTN_CONFIG_INVALID where another process has it
 */
export async function lockFolder(folder: string): Promise<{ close(): Promise<void> }> {
  const made = await mkdir(folder, { recursive: true, mode: 0o700 })
  // Without it a folder that was made just now may have no name after a loss of power.
  if (made !== undefined) await syncParents(folder, made)
  const path = join(folder, NAME)
  const server = (await listenAt(path)) ?? (await takeOver(path))
  if (server === null) {
    const message = `INGRESS_SPOOL_DIR: ${folder} is in use by another ingress; give each its own`
    throw appError('OTN_CONFIG_INVALID', { message })
  }
  server.unref()
  return { close: () => new Promise((done) => server.close(() => done())) }
}

/** Null where the name is taken, by somebody who lives or who died. */
function listenAt(path: string): Promise<Server | null> {
  return new Promise((done, reject) => {
    const server = createServer((socket) => socket.destroy())
    server.once('error', (cause: NodeJS.ErrnoException) => {
      if (cause.code === 'EADDRINUSE') return done(null)
      const wanted = 'wanted a folder on a local disk, that this user may write, with a short path'
      const message = `INGRESS_SPOOL_DIR: ${path} cannot be opened (${cause.code}); ${wanted}`
      reject(appError('OTN_CONFIG_INVALID', { message, cause }))
    })
    server.listen(path, () => done(server))
  })
}

async function syncParents(folder: string, firstMade: string): Promise<void> {
  for (let at = resolve(folder); ; at = dirname(at)) {
    await syncFolder(dirname(at))
    if (at === resolve(firstMade) || at === dirname(at)) return
  }
}

/**
 * Of two that find the same dead socket one alone takes it away: a name is moved once, and what was
 * moved is asked again, as it may be the live one of another that was quicker.
 */
async function takeOver(path: string): Promise<Server | null> {
  if (await mayLive(path)) return null
  // No longer than the other: the path of a socket is short.
  const moved = join(dirname(path), `${randomBytes(4).toString('hex')}.s`)
  const isMoved = await rename(path, moved).then(
    () => true,
    () => false,
  )
  if (isMoved && (await mayLive(moved))) {
    await link(moved, path).catch(() => {})
    await rm(moved, { force: true })
    return null
  }
  await rm(moved, { force: true })
  return listenAt(path)
}

function mayLive(path: string): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(path)
    socket.once('connect', () => {
      socket.destroy()
      done(true)
    })
    socket.once('error', ({ code }: NodeJS.ErrnoException) => done(!DEAD.has(code ?? '')))
  })
}
