import type { OpenedLog } from '@otn/bus'
import { logSettings } from '../cli-settings.ts'
import type { Run } from '../commands/leaf.ts'

const CLOSE_MS = 5_000

export interface OpenLog {
  readonly log: OpenedLog
  /** What stands before Kafka topics in this deployment. */
  readonly prefix: string
}

/** Opens the log for as long as the work takes. */
export async function withLog<T>(
  { context, shell }: Run,
  work: (opened: OpenLog) => Promise<T>,
): Promise<T> {
  const settings = context.read(logSettings)
  const log = await shell.openLog(settings)
  try {
    return await work({ log, prefix: settings.topicPrefix ?? '' })
  } finally {
    await log.bus.close(CLOSE_MS)
  }
}
