import { readFileSync } from 'node:fs'

/** Whether a process is stopped by a signal; null = nobody can tell: it is gone, or has no /proc. */
export function isFrozen(pid: number): boolean | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('T')
  } catch {
    return null
  }
}
