import { readFileSync } from 'node:fs'
import { isAppError } from '@otn/kernel'
import closeWithGrace from 'close-with-grace'
import {
  type Declarations,
  describeFaults,
  printableSettings,
  readSettings,
  type SettingFault,
  type Values,
} from '../settings/read-settings.ts'
import { createLog, type Log } from '../telemetry/log.ts'

/** Exit codes after sysexits.h: a supervisor can tell a wrong setting from a fault of an engine. */
const EXIT_CONFIG = 78
const EXIT_UNAVAILABLE = 69
const EXIT_FAILED = 1

export interface RunningService {
  /** Where it listens, for whoever started it. */
  readonly url: string
  close(): Promise<void>
}

export interface ServiceShell<D extends Declarations> {
  readonly name: string
  readonly settings: D
  /** Faults no single setting shows, for example an unsafe combination. */
  readonly check?: (values: Values<D>) => readonly SettingFault[]
  /** `fail` ends the process with an error: for a crash that comes after the start. */
  readonly start: (
    values: Values<D>,
    shell: { readonly log: Log; readonly fail: (error: Error) => void },
  ) => Promise<RunningService>
  /** How long a stop may take before the process ends all the same. */
  readonly stopMs: number
}

/**
 * The life of a service process: settings, start, one line that says where it listens, signals,
 * a bounded stop, exit code. A fault of the settings ends it with 78 before anything is started.
 */
export async function runService<D extends Declarations>(
  shell: ServiceShell<D>,
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const readFile = (path: string) => readFileSync(path, 'utf8')
  const read = readSettings(shell.settings, { env, readFile })
  const faults = 'faults' in read ? read.faults : (shell.check?.(read.values) ?? [])
  if ('faults' in read || faults.length > 0) {
    process.stderr.write(`${shell.name}: ${describeFaults(faults)}\n`)
    process.exitCode = EXIT_CONFIG
    return
  }
  const level = String((read.values as Record<string, unknown>).logLevel ?? 'info')
  const log = createLog({ service: shell.name, level })
  await startAndServe(shell, read.values, log)
}

async function startAndServe<D extends Declarations>(
  shell: ServiceShell<D>,
  values: Values<D>,
  log: Log,
): Promise<void> {
  const settings = printableSettings(shell.settings, values)
  log.info({ event: 'service.starting', settings }, 'starting')
  let running: RunningService | undefined
  const grace = closeWithGrace({ delay: shell.stopMs, logger: false }, async ({ err, signal }) => {
    if (err) log.fatal({ event: 'service.failed', error: err }, 'failed')
    else log.info({ event: 'service.stopping', signal }, 'stopping')
    await running?.close()
    log.info({ event: 'service.stopped' }, 'stopped')
  })
  // Thrown outside of any handler, it takes the same bounded stop as any other fatal error.
  const fail = (error: Error) => {
    setImmediate(() => {
      throw error
    })
  }
  try {
    running = await shell.start(values, { log, fail })
    log.info({ event: 'service.started', url: running.url }, 'started')
  } catch (error) {
    log.fatal({ event: 'service.failed', error }, 'could not start')
    if (isAppError(error)) process.stderr.write(`${shell.name}: ${error.message}\n`)
    grace.uninstall()
    process.exit(isAppError(error) ? exitCodeOf(error) : EXIT_FAILED)
  }
}

function exitCodeOf(error: { readonly code: string; readonly retryable: boolean }): number {
  if (error.code === 'OTN_CONFIG_INVALID' || error.code === 'OTN_BUS_TOPICS_WRONG')
    return EXIT_CONFIG
  return error.retryable ? EXIT_UNAVAILABLE : EXIT_FAILED
}
