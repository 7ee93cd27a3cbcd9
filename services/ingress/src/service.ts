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
  type RunningService,
  serveHealth,
  systemClock,
} from '@otn/runtime'
import { createVault, parseMasterKeys, type Vault } from '@otn/vault'
import { listen } from './adapters/listen.ts'
import { makeRoom } from './adapters/make-room.ts'
import { patiently } from './adapters/patiently.ts'
import { serveWebhooks } from './adapters/webhook-routes.ts'
import type { IngressValues } from './config.ts'
import { faultPoints } from './fault-points.ts'
import { getWebhook } from './handlers/get-webhook.ts'
import { postWebhook } from './handlers/post-webhook.ts'
import { type OpenApps, openApps } from './opening/open-apps.ts'
import { type OpenHealth, openHealth } from './opening/open-health.ts'
import { type Inside, openInside } from './opening/open-inside.ts'
import { openSpooling, type Spooling } from './opening/open-spooling.ts'
import { type Seams, seamsWith } from './opening/with-fault-points.ts'
import type { TakeWebhook, Tell, TellConnections, WebhookRequest } from './ports.ts'
import { createTelemetry, observeRoom } from './telemetry.ts'

export { type IngressValues, ingressSettings } from './config.ts'

export interface IngressShell {
  readonly log: Log
  /** Ends the process: what is known of pages would get old, or Kafka is not ours. */
  readonly fail: (error: Error) => void
  /** In place of the one the settings name. */
  readonly clock?: Clock
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
  const state: State = { inside: null, isStopping: false }
  const seams = seamsWith(openFaults({ ...values, service: 'ingress', table: faultPoints }))
  let followed: BusinessClock | undefined
  const early = values.clockUrl === null ? systemClock : null
  const clock = () => shell.clock ?? followed ?? early
  const nowMs = () => clock()?.nowMs() ?? null
  const spooling = await openSpooling(values, { vault, metrics, tell, seams, nowMs })
  const { refusal, notReady } = gateOf(state, spooling)
  const apps = openApps(values, { tell })
  const { authenticator } = apps
  const take: TakeWebhook = (...webhook) => {
    if (state.inside) return state.inside.take(...webhook)
    throw appError('OTN_HTTP_UNAVAILABLE', { message: 'the log is not open yet' })
  }
  const post = postWebhook({
    authenticator: seams.authenticator(authenticator),
    // Nothing is taken before a clock is known.
    clock: { nowMs: () => nowMs() ?? 0 },
    ...{ tell, take: spooling?.before(take) ?? take },
  })
  const health = openHealth(values, {
    ...{ metrics, tell, digest: authenticator.digest, clock },
    spool: () => spooling?.state() ?? null,
    publish: () => state.inside?.publishAlarms ?? null,
  })
  const closeAll = async () => {
    health.close()
    apps.close()
    await spooling?.close()
    await state.inside?.close()
    await followed?.close()
  }
  const door = { ...shell, metrics, tell, refusal, notReady, post, seams, health, apps }
  const app = await openDoor(values, door)
  const url = await listen(app, values)
  try {
    followed = await clockOf(values)
    const opening = { ...shell, metrics, tell, vault, seams, digest: authenticator.digest }
    // While the log is away the spool takes what this process alone would refuse if it gave up.
    const limitMs = spooling?.isOn ? Number.POSITIVE_INFINITY : values.startWaitMs
    const waiting = { limitMs, onWait: tell.waitingForLog }
    const hasSpool = spooling !== null
    state.inside = await patiently(() => openInside(values, { ...opening, hasSpool }), waiting)
    if (state.inside.takeOld !== null) spooling?.drainTo(state.inside.takeOld)
  } catch (error) {
    await app.close()
    await closeAll()
    throw error
  }
  const stop = async () => {
    state.isStopping = true
    await app.close()
    await closeAll()
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

interface State {
  inside: Inside | null
  isStopping: boolean
}

/** Why nothing is taken now, and why the ingress is not ready; nothing where it is. */
function gateOf(state: State, spooling: Spooling | null) {
  const refusal = () => {
    if (state.isStopping) return 'the ingress is stopping'
    const why = state.inside
      ? state.inside.refusal()
      : 'the ingress is starting: the log is not open yet'
    return spooling === null ? why : spooling.refusal(why)
  }
  const notReady = () => {
    const why = state.isStopping || !state.inside ? refusal() : null
    return why === null ? [] : [why]
  }
  return { refusal, notReady }
}

interface Door extends IngressShell {
  readonly metrics: Metrics
  readonly tell: Tell & TellConnections
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
  const room = makeRoom(app, values, tell.cutForOthers)
  observeRoom(metrics, room)
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

function vaultOf(values: IngressValues): Vault {
  const parsed = parseMasterKeys(values.masterKey.reveal())
  if ('keys' in parsed) return createVault(parsed.keys)
  throw appError('OTN_CONFIG_INVALID', { message: `OTN_MASTER_KEY: ${parsed.fault}` })
}
