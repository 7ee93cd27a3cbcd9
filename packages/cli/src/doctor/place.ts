/** Where the checks look: each thing is opened once, when the first check asks for it. */
import type { Bus, OpenedLog } from '@otn/bus'
import type { AlarmEvent, PageEvent } from '@otn/contracts'
import { logSettings } from '../cli-settings.ts'
import type { Context } from '../context.ts'
import { readLog } from '../log/read-log.ts'
import { readPageEvents } from '../pages/page-log.ts'
import type { Shell } from '../shell.ts'
import type { EnginePorts } from './engine-ports.ts'

const CLOSE_MS = 2_000

export interface Place extends AsyncDisposable {
  readonly context: Context
  readonly shell: Pick<Shell, 'fetch' | 'nowMs'>
  readonly engines: EnginePorts
  /** Asks Kafka without minding schemas. */
  bus(): Bus
  /** The log with its schemas. @throws as `openLog` */
  log(): Promise<OpenedLog>
  pageEvents(): Promise<readonly PageEvent[]>
  alarmEvents(): Promise<readonly AlarmEvent[]>
}

/** Opens nothing yet. */
export function openPlace(context: Context, shell: Shell): Place {
  const bus = once(() => shell.engines.openBus(context.read(logSettings)))
  const log = once(() => shell.openLog(context.read(logSettings)))
  const pageEvents = once(async () => readPageEvents(await log.get()))
  const alarmEvents = once(async () => readAlarms(await log.get()))
  return {
    ...{ context, shell, engines: shell.engines },
    bus: bus.get,
    log: log.get,
    pageEvents: pageEvents.get,
    alarmEvents: alarmEvents.get,
    [Symbol.asyncDispose]: async () => {
      const opened = await log.made?.catch(() => null)
      await Promise.all([bus.made?.close(CLOSE_MS), opened?.bus.close(CLOSE_MS)])
    },
  }
}

async function readAlarms(log: OpenedLog): Promise<readonly AlarmEvent[]> {
  const events: AlarmEvent[] = []
  await readLog(log, {
    topics: ['alarm'],
    until: 'end',
    onRecord: ({ decoded }) => {
      if (decoded.kind === 'known') events.push(decoded.value)
    },
  })
  return events
}

function once<T>(make: () => T): { readonly get: () => T; readonly made: T | undefined } {
  let made: T | undefined
  return {
    get: () => {
      made ??= make()
      return made
    },
    get made() {
      return made
    },
  }
}
