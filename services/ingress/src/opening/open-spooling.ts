import { appError, type Clock, isAppError } from '@otn/kernel'
import type { Metrics } from '@otn/runtime'
import type { Vault } from '@otn/vault'
import { openSpoolDisk } from '../adapters/spool-disk.ts'
import { lockFolder } from '../adapters/spool-lock.ts'
import { openSpool } from '../adapters/spool-on-disk.ts'
import { createSpoolSeal } from '../adapters/spool-seal.ts'
import { startTicker } from '../adapters/ticker.ts'
import type { IngressValues } from '../config.ts'
import { createLogOutage } from '../domain/log-outage.ts'
import type { SpoolState } from '../domain/spool-state.ts'
import { type Draining, drainSpool } from '../handlers/drain-spool.ts'
import { spoolWebhook } from '../handlers/spool-webhook.ts'
import type { TakeWebhook, TellSpool } from '../ports.ts'
import { observeSpool } from '../spool-telemetry.ts'
import type { Seams } from './with-fault-points.ts'

const SECOND_MS = 1_000

export interface SpoolingParts {
  readonly vault: Vault
  readonly metrics: Metrics
  readonly tell: TellSpool
  readonly seams: Seams
  /** Null while no clock is known. */
  readonly nowMs: () => number | null
}

export interface Spooling {
  /** Before the log: what it is away for goes to the spool; where that is off, the log alone. */
  readonly before: (log: TakeWebhook) => TakeWebhook
  /** Why nothing is taken now, given why the log takes nothing. */
  readonly refusal: (why: string | null) => string | null
  /** Whether an ingress without a log has to stay: somebody must answer meanwhile. */
  readonly isOn: boolean
  readonly state: () => SpoolState
  /** The log is open: what is held goes there, now and whenever something is. */
  readonly drainTo: (log: TakeWebhook) => void
  readonly close: () => Promise<void>
}

/**
 * Opens the spool before anything else: what an earlier process left there is drained even where
 * nothing more is put there. Null where no folder is set.
 * @throws OTN_CONFIG_INVALID where the folder cannot be had, or another process has it
 */
export async function openSpooling(
  values: IngressValues,
  parts: SpoolingParts,
): Promise<Spooling | null> {
  const { spoolFolder } = values
  if (spoolFolder === null) return null
  const { seams, tell, metrics, nowMs } = parts
  const { lock, spool } = await openFolder(spoolFolder, values, parts)
  const outage = createLogOutage(values.spoolAfterMs)
  const isOn = values.spoolAfterMs > 0
  // Something is held: the log was away, and nobody knows yet that it is back.
  if (spool.state().segments > 0) outage.spooled()
  tell.spoolOpened(spool.state())
  observeSpool(metrics, () => ({ ...spool.state(), isSpooling: isOn && outage.isSpooling() }))
  let draining: Draining | null = null
  const ticker = startTicker(() => {
    const now = nowMs()
    if (draining !== null) void draining.run()
    else if (now !== null) outage.failed(now)
  }, SECOND_MS)
  const clock: Clock = { nowMs: () => nowMs() ?? 0 }
  const { deadlineMs } = values
  return {
    isOn,
    state: spool.state,
    before: (take) =>
      isOn ? spoolWebhook({ take, spool, outage, clock, tell, deadlineMs }) : take,
    refusal: (why) => {
      const now = nowMs()
      if (!isOn || now === null) return why
      const { isFull } = spool.state()
      if (outage.isSpooling()) return isFull ? 'the spool is full; send it again' : null
      return why !== null && outage.failed(now) && !isFull ? null : why
    },
    drainTo: (log) => {
      // It was opened just now: what failed before says nothing of what will.
      if (spool.state().segments === 0) outage.answered()
      draining = drainSpool({ spool, take: seams.drain(log), outage, tell })
      void draining.run()
    },
    close: async () => {
      ticker.close()
      await draining?.close()
      await spool.close()
      await lock.close()
    },
  }
}

async function openFolder(
  folder: string,
  { spoolBytesMax }: IngressValues,
  { vault, seams, tell }: SpoolingParts,
) {
  try {
    const lock = await lockFolder(folder)
    const disk = seams.disk(await openSpoolDisk(folder))
    const seal = createSpoolSeal(vault)
    const options = { bytesMax: spoolBytesMax, seal, onCut: tell.spoolCut }
    return { lock, spool: seams.spool(await openSpool(disk, options)) }
  } catch (cause) {
    if (isAppError(cause)) throw cause
    const said = cause instanceof Error ? cause.message : String(cause)
    const message = `INGRESS_SPOOL_DIR: ${said}`
    throw appError('OTN_CONFIG_INVALID', { message, cause })
  }
}
