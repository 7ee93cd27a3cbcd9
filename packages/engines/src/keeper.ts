/**
 * The keeper: a process of its own that starts the servers and outlives whoever asked for them.
 * When the channel to that process closes, by whatever cause (a clean end, Ctrl-C, kill -9), it
 * ends every server, removes the temporary data and leaves. It runs in a session of its own, so a
 * signal to the terminal's process group reaches neither it nor the servers.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import type { KeeperDuties, KeeperOrder, KeeperReport, Launch } from './keeper-messages.ts'

const CLEAN_END_MS = 10_000

const duties = JSON.parse(process.argv[2] ?? '{"remove":null}') as KeeperDuties
const running = new Map<string, ChildProcess>()
let isEnding = false

process.on('message', (order: KeeperOrder) => {
  if (order.type === 'end') void end()
  else launch(order.launch)
})
process.on('disconnect', () => void end())
process.on('SIGTERM', () => void end())
for (const ignored of ['SIGINT', 'SIGHUP'] as const) process.on(ignored, () => undefined)
if (!process.connected) void end()

function launch({ name, command, args, env, logFile }: Launch): void {
  if (isEnding) return
  const log = openSync(logFile, 'a')
  const child = spawn(command, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  child.on('error', (error) => report({ type: 'not-launched', name, detail: error.message }))
  const { pid } = child
  if (pid === undefined) return
  running.set(name, child)
  report({ type: 'launched', name, pid })
  child.on('exit', (code, signal) => {
    running.delete(name)
    report({ type: 'exited', name, pid, how: signal ?? `code ${code}` })
  })
}

/** Last started, first ended: the registry stores in Kafka. */
async function end(): Promise<void> {
  if (isEnding) return
  isEnding = true
  for (const child of [...running.values()].reverse()) await endOne(child)
  if (duties.remove !== null) {
    await rm(duties.remove, { recursive: true, force: true, maxRetries: 5 })
  }
  process.exit(0)
}

function endOne(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    // Data that goes away needs no clean end.
    if (duties.remove !== null) {
      child.kill('SIGKILL')
      return
    }
    child.kill('SIGCONT')
    child.kill('SIGTERM')
    setTimeout(() => child.kill('SIGKILL'), CLEAN_END_MS)
  })
}

function report(message: KeeperReport): void {
  if (process.connected) process.send?.(message, () => undefined)
}
