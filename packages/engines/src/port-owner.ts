import { readdir, readFile, readlink } from 'node:fs/promises'

const LISTENING = '0A'

/**
 * Who listens on a local TCP port, as text for people: process id and command line. Knows it on
 * Linux only, and only for processes that this user may look into. Never throws.
 */
export async function portOwner(port: number): Promise<string> {
  const inodes = await listeningInodes(port)
  if (inodes.size === 0) return 'an unknown process'
  for (const pid of await readdir('/proc').catch(() => [])) {
    if (!/^\d+$/.test(pid)) continue
    if (await holdsSocket(pid, inodes)) return `process ${pid} (${await commandOf(pid)})`
  }
  return 'a process of another user'
}

/** Inodes of the listening sockets of a port in the text of /proc/net/tcp or tcp6. */
export function inodesOf(table: string, port: number): string[] {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0')
  return table.split('\n').flatMap((line) => {
    const [, local, , state, , , , , , inode] = line.trim().split(/\s+/)
    if (local === undefined || inode === undefined || state !== LISTENING) return []
    return local.endsWith(`:${wanted}`) ? [inode] : []
  })
}

async function listeningInodes(port: number): Promise<Set<string>> {
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((path) => readFile(path, 'utf8').catch(() => '')),
  )
  return new Set(tables.flatMap((table) => inodesOf(table, port)))
}

async function holdsSocket(pid: string, inodes: ReadonlySet<string>): Promise<boolean> {
  const folder = `/proc/${pid}/fd`
  for (const fd of await readdir(folder).catch(() => [])) {
    const target = await readlink(`${folder}/${fd}`).catch(() => '')
    if (target.startsWith('socket:[') && inodes.has(target.slice(8, -1))) return true
  }
  return false
}

async function commandOf(pid: string): Promise<string> {
  const raw = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  const words = raw.split('\0').filter((word) => word !== '')
  return words.join(' ').slice(0, 120) || 'unknown command'
}
