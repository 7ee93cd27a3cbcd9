import { type Appender, openLog } from '@otn/bus'
import { type Log, type Metrics, pepperKey } from '@otn/runtime'
import { compilePattern } from '@otn/runtime/compile-pattern'
import { createIdentity, pepperCheck, type Vault } from '@otn/vault'
import { publishAlarms } from '../adapters/alarms-kafka.ts'
import { followPages } from '../adapters/follow-pages.ts'
import { createJournal } from '../adapters/journal-kafka.ts'
import type { IngressValues } from '../config.ts'
import { createPages } from '../domain/pages.ts'
import { onPageEvent } from '../handlers/on-page-event.ts'
import { takeWebhook } from '../handlers/take-webhook.ts'
import type { Authenticator, PublishAlarms, TakeWebhook, Tell, TellSpool } from '../ports.ts'
import { observeFunnel } from '../telemetry.ts'
import type { Seams } from './with-fault-points.ts'

const CLOSE_MS = 2_000
/** Longer than a webhook may wait for its acknowledgement. */
const DRAIN_MS = 5_000

export interface Opening {
  readonly log: Log
  readonly fail: (error: Error) => void
  readonly metrics: Metrics
  readonly tell: Tell & TellSpool
  readonly vault: Vault
  readonly seams: Seams
  readonly digest: Authenticator['digest']
  readonly hasSpool: boolean
}

/** What the routes stand before: nothing is taken until the log is open and the pages are known. */
export interface Inside {
  readonly take: TakeWebhook
  /** The same for what was on the spool; null where there is none. */
  readonly takeOld: TakeWebhook | null
  readonly refusal: () => string | null
  readonly publishAlarms: PublishAlarms
  readonly close: () => Promise<void>
}

/** What is read and what is written: pages by their events, webhooks to the log. */
export async function openInside(values: IngressValues, opening: Opening): Promise<Inside> {
  const { log, tell, metrics, vault, fail, seams, digest, hasSpool } = opening
  const { bus, codec } = await openLog(values, { clientId: 'otn-ingress', log })
  try {
    const pages = createPages(compilePattern)
    const check = pepperCheck(pepperKey(values.personPepper))
    const onPage = onPageEvent({ pages, pepperCheck: check, tell })
    const following = await followPages({ bus, codec, tell, onPageEvent: onPage, fail })
    const appender = bus.appender({ name: 'webhooks', ...values })
    const alarms = bus.appender({ name: 'alarms' })
    const old = hasSpool ? bus.appender({ name: 'spool', ...values }) : null
    observeFunnel(metrics, () => appender.state)
    const { deadlineMs } = values
    const identity = createIdentity(pepperKey(values.personPepper))
    const common = { digest, identity, pages, deadlineMs }
    const journal = seams.journal(createJournal({ appender, codec, vault }))
    const close = async () => {
      const appenders = old === null ? [appender] : [appender, old]
      await Promise.all([...appenders.map((one) => one.close(DRAIN_MS)), alarms.close(CLOSE_MS)])
      await following.close(CLOSE_MS)
      await bus.close(CLOSE_MS)
    }
    return {
      take: takeWebhook({ ...common, journal, tell }),
      takeOld: old === null ? null : takeOld({ ...common, old, codec, vault, tell }),
      refusal: () => fullFunnel(appender, values),
      publishAlarms: publishAlarms({ appender: alarms, codec }),
      close,
    }
  } catch (error) {
    await bus.close(CLOSE_MS)
    throw error
  }
}

type OldParts = Omit<Parameters<typeof takeWebhook>[0], 'journal' | 'tell'> & {
  readonly old: Appender
  readonly codec: Parameters<typeof createJournal>[0]['codec']
  readonly vault: Vault
  readonly tell: TellSpool
}

function takeOld({ old, codec, vault, tell, ...common }: OldParts): TakeWebhook {
  const journal = createJournal({ appender: old, codec, vault })
  // That the log took one not is told once for all of them, by the draining.
  return takeWebhook({ ...common, journal, tell: { accepted: tell.drained, notAcknowledged() {} } })
}

/** Why the funnel takes nothing more, or null. */
function fullFunnel({ state }: Appender, values: IngressValues): string | null {
  const isFull =
    state.queued >= values.queueRecordsMax ||
    state.queuedBytes >= values.queueBytesMax ||
    state.oldestMs > values.queueAgeMaxMs
  return isFull ? 'too many webhooks wait for the log; send it again' : null
}
