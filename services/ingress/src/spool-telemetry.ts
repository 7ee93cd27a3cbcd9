import { isAppError } from '@otn/kernel'
import { Counter, Gauge, type Log, type Metrics } from '@otn/runtime'
import type { SpoolState } from './domain/spool-state.ts'
import type { TellSpool } from './ports.ts'

/** Lines and counts of the spool; a webhook is named by its app alone. */
export function createSpoolTelemetry({
  log,
  metrics,
}: {
  readonly log: Log
  readonly metrics: Metrics
}): Omit<TellSpool, 'spooled' | 'drained'> {
  const registers = [metrics]
  const failures = new Counter({
    name: 'otn_ingress_spool_failures_total',
    help: 'Webhooks that the spool did not take: full, or the disk refused or was too slow.',
    registers,
  })
  const drainFaults = new Counter({
    name: 'otn_ingress_spool_drain_failures_total',
    help: 'Times the draining stopped for another reason than a log that takes nothing.',
    registers,
  })
  return {
    spoolOpened: (state) => log.info({ event: 'spool.opened', ...state }, 'spool opened'),
    spoolCut: (bytes) => {
      const message = 'a crash left half a webhook on the spool, which nobody got a 200 for'
      log.warn({ event: 'spool.cut', bytes }, message)
    },
    notSpooled: (error) => {
      failures.inc()
      log.error({ event: 'spool.refused', outcome: 'retried', error }, 'not put on the spool')
    },
    spoiled: (error) => {
      const message = 'a webhook on the spool cannot be taken; its file will be set aside'
      log.error({ event: 'spool.spoiled', error }, message)
    },
    drainHalted: (error) => {
      if (isAppError(error, 'OTN_HTTP_UNAVAILABLE')) {
        log.debug({ event: 'spool.halted', error }, 'the log does not take what the spool holds')
        return
      }
      drainFaults.inc()
      log.error({ event: 'spool.halted', error }, 'the spool cannot be drained; trying again')
    },
    segmentDrained: (webhooks, { isSound }) => {
      const fields = { event: 'spool.drained', webhooks, isSound }
      if (isSound) log.info(fields, 'a file of the spool is on the log and deleted')
      else log.error(fields, 'a file of the spool was set aside: not all of it can be read')
    },
  }
}

/** Read whenever metrics are asked for. */
export function observeSpool(
  metrics: Metrics,
  state: () => SpoolState & { readonly isSpooling: boolean },
): void {
  const gauge = (name: string, help: string, read: (now: ReturnType<typeof state>) => number) => {
    const collect = function collect(this: Gauge) {
      this.set(read(state()))
    }
    new Gauge({ name: `otn_ingress_${name}`, help, registers: [metrics], collect })
  }
  gauge('spooling', '1 while webhooks go to the spool, 0 else.', (it) => (it.isSpooling ? 1 : 0))
  gauge('spool_bytes', 'Bytes of webhooks answered 200 that Kafka has not.', ({ bytes }) => bytes)
  gauge('spool_bytes_max', 'What the spool may hold.', ({ bytesMax }) => bytesMax)
  gauge('spool_files', 'Files of the spool.', ({ segments }) => segments)
  gauge('spool_files_damaged', 'Files of the spool set aside.', ({ damaged }) => damaged)
}
