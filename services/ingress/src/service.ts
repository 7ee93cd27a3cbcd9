import { type Appender, openLog } from '@otn/bus'
import { appError, type Clock } from '@otn/kernel'
import {
  type BusinessClock,
  createHttpServer,
  createMetrics,
  followClock,
  type HttpServer,
  type Log,
  type Metrics,
  openFaults,
  pepperKey,
  type RunningService,
  serveHealth,
  systemClock,
} from '@otn/runtime'
import { compilePattern } from '@otn/runtime/compile-pattern'
import { createIdentity, createVault, parseMasterKeys, pepperCheck, type Vault } from '@otn/vault'
import { publishAlarms } from './adapters/alarms-kafka.ts'
import { followPages } from './adapters/follow-pages.ts'
import { createJournal } from './adapters/journal-kafka.ts'
import { listen } from './adapters/listen.ts'
import { patiently } from './adapters/patiently.ts'
import { serveWebhooks } from './adapters/webhook-routes.ts'
import type { IngressValues } from './config.ts'
import { createPages } from './domain/pages.ts'
import { ingressFaultPoints } from './fault-points.ts'
import { getWebhook } from './handlers/get-webhook.ts'
import { onPageEvent } from './handlers/on-page-event.ts'
import { postWebhook } from './handlers/post-webhook.ts'
import { type OpenApps, openApps } from './opening/open-apps.ts'
import { type OpenHealth, openHealth } from './opening/open-health.ts'
import { type Seams, seamsWith } from './opening/with-fault-points.ts'
import type { Authenticator, PublishAlarms, Tell, WebhookRequest } from './ports.ts'
import { createTelemetry, observeFunnel } from './telemetry.ts'

export { type IngressValues, ingressSettings } from './config.ts'

export interface IngressShell {
  readonly log: Log
  /** Ends the process: what is known of pages would get old, or Kafka is not ours. */
  readonly fail: (error: Error) => void
  /** In place of the one the settings name. */
  readonly clock?: Clock
}

const CLOSE_MS = 2_000
/** Longer than a webhook may wait for its acknowledgement. */
const DRAIN_MS = 5_000

/** What the routes stand before: nothing is taken until the log is open and the pages are known. */
interface Inside {
  readonly post: (request: WebhookRequest) => Promise<number>
  readonly refusal: () => string | null
  readonly publishAlarms: PublishAlarms
  readonly close: () => Promise<void>
}

/**
 * Starts the ingress: the port first, so that the platform gets 503 and no silence, then the log,
 * then the pages. Ready when every page event up to now is known.
 * @throws OTN_CONFIG_INVALID, OTN_BUS_TOPICS_WRONG, OTN_BUS_UNREACHABLE, OTN_REGISTRY_UNREACHABLE
 */
export async function startIngress(
  values: IngressValues,
  shell: IngressShell,
): Promise<RunningService> {
  const vault = vaultOf(values)
  const metrics = createMetrics('ingress')
  const tell = createTelemetry({ log: shell.log, metrics })
  const state: { inside: Inside | null; isStopping: boolean } = { inside: null, isStopping: false }
  const refusal = () => {
    if (state.isStopping) return 'the ingress is stopping'
    return state.inside
      ? state.inside.refusal()
      : 'the ingress is starting: the log is not open yet'
  }
  const notReady = () => (state.isStopping || !state.inside ? [refusal() ?? ''] : [])
  const post = async (request: WebhookRequest) => (await state.inside?.post(request)) ?? 0
  const wish = { ...values, service: 'ingress', table: ingressFaultPoints }
  const seams = seamsWith(openFaults(wish))
  const apps = openApps(values, { tell })
  const { authenticator } = apps
  let clock: BusinessClock | undefined
  const early = values.clockUrl === null ? systemClock : null
  const health = openHealth(values, {
    ...{ metrics, tell, digest: authenticator.digest },
    clock: () => shell.clock ?? clock ?? early,
    publish: () => state.inside?.publishAlarms ?? null,
  })
  const door = { ...shell, metrics, tell, refusal, notReady, post, seams, health, apps }
  const app = await openDoor(values, door)
  const url = await listen(app, values)
  try {
    clock = await clockOf(values)
    const time = { clock: shell.clock ?? clock }
    const opening = { ...shell, ...time, metrics, tell, vault, seams, authenticator }
    const waiting = { limitMs: values.startWaitMs, onWait: tell.waitingForLog }
    state.inside = await patiently(() => openInside(values, opening), waiting)
  } catch (error) {
    health.close()
    apps.close()
    await app.close()
    await clock?.close()
    throw error
  }
  const stop = async () => {
    state.isStopping = true
    await app.close()
    apps.close()
    health.close()
    await state.inside?.close()
    await clock?.close()
  }
  let stopped: Promise<void> | undefined
  return {
    url,
    close: () => {
      stopped ??= stop()
      return stopped
    },
  }
}

interface Door extends IngressShell {
  readonly metrics: Metrics
  readonly tell: Tell
  readonly refusal: () => string | null
  readonly notReady: () => readonly string[]
  readonly post: (request: WebhookRequest) => Promise<number>
  readonly seams: Seams
  readonly health: OpenHealth
  readonly apps: OpenApps
}

async function openDoor(values: IngressValues, door: Door): Promise<HttpServer> {
  const { log, tell, metrics, notReady, health, apps } = door
  const app = createHttpServer({ log, limits: values })
  serveHealth(app, { metrics, notReady })
  health.serve(app)
  await serveWebhooks(app, {
    serves: apps.serves,
    onGet: getWebhook({ verifyToken: apps.verifyToken, tell }),
    onPost: door.post,
    onAnswered: health.onAnswered,
    onScope: door.seams.onScope,
    refusal: () => {
      const why = door.refusal()
      if (why !== null) tell.refusedEarly(why)
      return why
    },
  })
  return app
}

function clockOf({ clockUrl }: IngressValues): Promise<BusinessClock> {
  return clockUrl === null ? Promise.resolve(systemClock) : followClock(clockUrl, 'ingress')
}

interface Opening extends IngressShell {
  readonly clock: Clock
  readonly metrics: Metrics
  readonly tell: Tell
  readonly vault: Vault
  readonly seams: Seams
  readonly authenticator: Authenticator
}

/** What is read and what is written: pages by their events, webhooks to the log. */
async function openInside(values: IngressValues, opening: Opening): Promise<Inside> {
  const { log, tell, metrics, vault, clock, fail, seams, authenticator } = opening
  const { bus, codec } = await openLog(values, { clientId: 'otn-ingress', log })
  try {
    const pages = createPages(compilePattern)
    const check = pepperCheck(pepperKey(values.personPepper))
    const onPage = onPageEvent({ pages, pepperCheck: check, tell })
    const following = await followPages({ bus, codec, tell, onPageEvent: onPage, fail })
    const appender = bus.appender({ name: 'webhooks', ...values })
    const alarms = bus.appender({ name: 'alarms' })
    observeFunnel(metrics, () => appender.state)
    const post = postWebhook({
      authenticator: seams.authenticator(authenticator),
      identity: createIdentity(pepperKey(values.personPepper)),
      journal: seams.journal(createJournal({ appender, codec, vault })),
      pages,
      clock,
      tell,
      deadlineMs: values.deadlineMs,
    })
    const close = async () => {
      await Promise.all([appender.close(DRAIN_MS), alarms.close(CLOSE_MS)])
      await following.close(CLOSE_MS)
      await bus.close(CLOSE_MS)
    }
    const refusal = () => fullFunnel(appender, values)
    return { post, refusal, publishAlarms: publishAlarms({ appender: alarms, codec }), close }
  } catch (error) {
    await bus.close(CLOSE_MS)
    throw error
  }
}

/** Why the funnel takes nothing more, or null. */
function fullFunnel({ state }: Appender, values: IngressValues): string | null {
  const isFull =
    state.queued >= values.queueRecordsMax ||
    state.queuedBytes >= values.queueBytesMax ||
    state.oldestMs > values.queueAgeMaxMs
  return isFull ? 'too many webhooks wait for the log; send it again' : null
}

function vaultOf(values: IngressValues): Vault {
  const parsed = parseMasterKeys(values.masterKey.reveal())
  if ('keys' in parsed) return createVault(parsed.keys)
  throw appError('OTN_CONFIG_INVALID', { message: `OTN_MASTER_KEY: ${parsed.fault}` })
}
