import { mkdir, rm } from 'node:fs/promises'
import { connect, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { appError } from '@otn/kernel'

const NAME = 'in-use.sock'

/**
 * Makes the folder and keeps it for this process: of two that drain it each would delete what the
 * other still writes.
 * A socket and no file with a process id: it is free again by itself when its owner dies, and tells
 * the truth across containers, where every process has the id 1.
 * @throws OTN_CONFIG_INVALID where another process has it
 */
export async function lockFolder(folder: string): Promise<{ close(): Promise<void> }> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, NAME)
  const server = (await listenAt(path)) ?? (await takeOver(path))
  if (server === null) {
    const message = `INGRESS_SPOOL_DIR: ${folder} is in use by another ingress; give each its own`
    throw appError('OTN_CONFIG_INVALID', { message })
  }
  server.unref()
  return { close: () => new Promise((resolve) => server.close(() => resolve())) }
}

/** Null where the name is taken, by somebody who lives or who died. */
function listenAt(path: string): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy())
    server.once('error', (cause: NodeJS.ErrnoException) => {
      if (cause.code === 'EADDRINUSE') return resolve(null)
      const wanted = 'wanted a folder on a local disk, that this user may write, with a short path'
      const message = `INGRESS_SPOOL_DIR: ${path} cannot be opened (${cause.code}); ${wanted}`
      reject(appError('OTN_CONFIG_INVALID', { message, cause }))
    })
    server.listen(path, () => resolve(server))
  })
}

async function takeOver(path: string): Promise<Server | null> {
  if (await answers(path)) return null
  await rm(path, { force: true })
  return listenAt(path)
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
