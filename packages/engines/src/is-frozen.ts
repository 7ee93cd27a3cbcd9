import { readFileSync } from 'node:fs'

/** Whether a signal has stopped a process; null = nobody can tell: gone, or without /proc. */
export function isFrozen(pid: number): boolean | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('T')
  } catch {
    return null
  }
}
