import { cpSync } from 'node:fs'
import { join } from 'node:path'
import type { CellOptions } from './cell-options.ts'
import { ROOT_FOLDER } from './folders.ts'

/** What the processes of a cell wrote, for who looks for the cause of a trouble. */
export function keepLogs(home: string, { name, seed }: CellOptions): void {
  const target = join(ROOT_FOLDER, '.otn', 'chaos-logs', `${name}-${seed}`)
  cpSync(join(home, 'logs'), target, { recursive: true })
}
