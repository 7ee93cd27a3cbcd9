import { writeSync } from 'node:fs'
import type { Strike } from './fault-table.ts'

const STDOUT = 1
const FULL_PIPE_WAIT_MS = 5
const SIGNALS = { kill: 'SIGKILL', freeze: 'SIGSTOP', lose: null } as const

export interface StrikeOutlets {
  readonly write: (line: string) => void
  readonly signal: (signal: 'SIGKILL' | 'SIGSTOP') => void
}

const PROCESS: StrikeOutlets = {
  write: writeWhole,
  signal: (signal) => process.kill(process.pid, signal),
}

/**
 * Strikes this very process. The line is written first and whole, past the log and its level, for
 * what is killed says nothing afterwards.
 */
export function strikeProcess(
  service: string,
  { write, signal }: StrikeOutlets = PROCESS,
): (strike: Strike) => void {
  return ({ action, point, side, pass }) => {
    const head = { level: 'warn', time: new Date().toISOString(), service }
    const line = { ...head, event: 'fault-point', point, side, action, pass, msg: 'struck' }
    write(`${JSON.stringify(line)}\n`)
    const name = SIGNALS[action]
    if (name !== null) signal(name)
  }
}

function writeWhole(line: string): void {
  let rest = Buffer.from(line, 'utf8')
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(STDOUT, rest))
    } catch (error) {
      // A pipe that is full empties; where nobody reads any more, the strike comes without a line.
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) return
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FULL_PIPE_WAIT_MS)
    }
  }
}
