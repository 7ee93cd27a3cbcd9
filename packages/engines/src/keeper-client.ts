import { type ChildProcess, fork } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { appError } from '@otn/kernel'
import type { KeeperDuties, KeeperOrder, KeeperReport, Launch } from './keeper-messages.ts'

/** A launched server process as seen from here. */
export interface Launched {
  readonly pid: number
  /** Resolves when the process is gone, with its signal or exit code as text. */
  readonly gone: Promise<string>
}

/** The starting process's side of the keeper. */
export interface Keeper {
  /** @throws OTN_ENGINE_FAILED when the command cannot be run or the keeper is gone. */
  launch(launch: Launch): Promise<Launched>
  /** Ends every process, then removes the temporary data. Idempotent. */
  end(): Promise<void>
}

/** Starts a keeper; it does its duties as soon as this process ends it or disappears. */
export function startKeeper(duties: KeeperDuties): Keeper {
  const script = fileURLToPath(new URL('./keeper.ts', import.meta.url))
  const child = fork(script, [JSON.stringify(duties)], {
    detached: true,
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  const reports = new EventEmitter().setMaxListeners(0)
  const alive = new Map<string, number>()
  child.on('message', (report: KeeperReport) => {
    if (report.type === 'launched') alive.set(report.name, report.pid)
    else alive.delete(report.name)
    reports.emit(report.name, report)
  })
  const gone = exitOf(child).then(async (code) => {
    if (code !== 0) await endOrphans(alive, duties)
    for (const [name, pid] of alive)
      reports.emit(name, { type: 'exited', name, pid, how: 'keeper' })
  })
  return {
    launch: (launch) => launchBy(child, reports, launch),
    end: () => {
      if (child.connected) order(child, { type: 'end' })
      return gone
    },
  }
}

function launchBy(child: ChildProcess, reports: EventEmitter, launch: Launch): Promise<Launched> {
  return new Promise((resolve, reject) => {
    const fail = (detail: string): void => {
      reports.removeAllListeners(launch.name)
      reject(
        appError('OTN_ENGINE_FAILED', { message: `${launch.name} was not started: ${detail}` }),
      )
    }
    const { promise: gone, resolve: isGone } = Promise.withResolvers<string>()
    reports.on(launch.name, (report: KeeperReport) => {
      if (report.type === 'launched') return resolve({ pid: report.pid, gone })
      if (report.type === 'not-launched') return fail(report.detail)
      reports.removeAllListeners(launch.name)
      isGone(report.how)
    })
    if (!child.connected) return fail('its keeper has ended')
    order(child, { type: 'launch', launch })
  })
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    child.once('exit', resolve)
    child.once('error', () => resolve(null))
  })
}

/** The keeper ends last; when it was killed instead, its work is done from here. */
async function endOrphans(alive: ReadonlyMap<string, number>, duties: KeeperDuties): Promise<void> {
  for (const pid of alive.values()) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // Already gone.
    }
  }
  if (duties.remove !== null)
    await rm(duties.remove, { recursive: true, force: true, maxRetries: 5 })
}

function order(child: ChildProcess, message: KeeperOrder): void {
  child.send(message, () => undefined)
}
