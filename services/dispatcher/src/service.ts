/** Joins the dispatcher: the door first, so that callers get 503 and no silence, then the rest. */
import { kafkaTopics } from '@otn/contracts'
import { redactText } from '@otn/graph-api'
import { appError, type Clock } from '@otn/kernel'
import {
  authorize,
  createMetrics,
  followClock,
  type HttpServer,
  type Log,
  listen,
  openFaults,
  pepperKey,
  type RunningService,
  readApiKeys,
  type Scope,
  systemClock,
} from '@otn/runtime'
import { createIdentity, createVault, parseMasterKeys, pepperCheck, type Vault } from '@otn/vault'
import { inTime } from './adapters/in-time.ts'
import type { DispatcherValues } from './config.ts'
import type { Doubts } from './doubt-ports.ts'
import { dispatcherFaultPoints } from './fault-points.ts'
import { getCampaigns } from './handlers/get-campaigns.ts'
import { getDoubts } from './handlers/get-doubts.ts'
import { getNotification } from './handlers/get-notification.ts'
import { getOperationsDigest } from './handlers/get-operations-digest.ts'
import { postCampaigns } from './handlers/post-campaigns.ts'
import { postNotifications } from './handlers/post-notifications.ts'
import { postOptInRequests } from './handlers/post-opt-in-requests.ts'
import { postSettlement } from './handlers/post-settlement.ts'
import { notifySettings } from './notifying-settings.ts'
import { openDoor } from './opening/open-door.ts'
import { openInside } from './opening/open-inside.ts'
import type { Inside } from './opening/opening.ts'
import { seamsWith } from './opening/with-fault-points.ts'
import { createTelemetry } from './telemetry.ts'

export { checkDispatcher, type DispatcherValues, dispatcherSettings } from './config.ts'

export interface DispatcherShell {
  readonly log: Log
  /** Ends the process; whoever supervises it starts it again. */
  readonly fail: (error: Error) => void
  /** In place of the one the settings name. */
  readonly clock?: Clock
}

/**
 * Starts the dispatcher. Ready when its claims are folded to the end of the log as it was at the
 * start; before that nothing is spent.
 * @throws OTN_CONFIG_INVALID, OTN_BUS_TOPICS_WRONG, OTN_STORE_CLUSTER_CHANGED, and when they stay
 *   away OTN_BUS_UNREACHABLE, OTN_REGISTRY_UNREACHABLE, OTN_STORE_UNREACHABLE
 */
export async function startDispatcher(
  values: DispatcherValues,
  shell: DispatcherShell,
): Promise<RunningService> {
  const { log, fail } = shell
  const vault = vaultOf(values)
  const pepper = pepperKey(values.personPepper)
  const [identity, check] = [createIdentity(pepper), pepperCheck(pepper)]
  const wish = { ...values, service: 'dispatcher', table: dispatcherFaultPoints }
  const seams = seamsWith(openFaults(wish))
  const metrics = createMetrics('dispatcher')
  const tell = createTelemetry({ log, metrics })
  const followed =
    values.clockUrl === null ? systemClock : await followClock(values.clockUrl, 'dispatcher')
  const clock = shell.clock ?? followed
  const state: { inside: Inside | null; isStopping: boolean } = { inside: null, isStopping: false }
  const inside = () => state.inside ?? unavailable()
  const notReady = () => {
    if (state.isStopping) return ['the dispatcher is stopping']
    return state.inside?.notReady() ?? ['the dispatcher is starting: its claims are being folded']
  }
  const routes = routesOf(values, { inside, identity, clock })
  const app = await openDoor({ log, metrics, notReady, routes })
  const url = await listen(app, { ...values, settings: 'DISPATCHER' })
  try {
    const opening = { log, fail, tell, metrics, vault, identity, clock, pepperCheck: check }
    state.inside = await openInside(values, { ...opening, seams })
  } catch (error) {
    await Promise.all([app.close(), followed.close()])
    throw error
  }
  const close = async () => {
    state.isStopping = true
    await app.close()
    await state.inside?.close()
    await followed.close()
  }
  let closed: Promise<void> | undefined
  return {
    url,
    close: () => {
      closed ??= close()
      return closed
    },
  }
}

interface RouteParts {
  readonly inside: () => Inside
  readonly identity: ReturnType<typeof createIdentity>
  readonly clock: Clock
}

/** The HTTP API, in the order of the flow. */
function routesOf(
  values: DispatcherValues,
  { inside, identity, clock }: RouteParts,
): readonly ((app: HttpServer) => void)[] {
  const keys = readApiKeys(values.apiKeysFile)
  const mayCall = (scope: Scope) => authorize(keys, scope)
  const answered = inTime(values.appendTimeoutMs)
  const commands = { read: async (id: string) => inside().commands.read(id) }
  const doubts: Doubts = { list: async (query) => inside().doubts.list(query) }
  const settle: Inside['settle'] = async (id, settlement) => inside().settle(id, settlement)
  const previewRequest: Inside['previewRequest'] = async (request) =>
    inside().previewRequest(request)
  const posting = {
    ...{ commands, identity, clock, mayCall, inTime: answered },
    notifying: notifySettings(values),
    notifyLog: {
      publish: async (notify: Parameters<Inside['preview']>[0]) =>
        inside().notifyLog.publish(notify),
    },
    record: async (notifies: Parameters<Inside['record']>[0]) => inside().record(notifies),
    preview: async (notify: Parameters<Inside['preview']>[0]) => inside().preview(notify),
    kafkaTopic: `${values.topicPrefix ?? ''}${kafkaTopics.notify.name}`,
  }
  const campaigns = { door: () => inside().campaigns, mayCall, inTime: answered }
  const steering = {
    ...{ ...campaigns, clock, notifying: posting.notifying },
    kafkaTopic: `${values.topicPrefix ?? ''}${kafkaTopics.campaign.name}`,
  }
  return [
    (app) => postNotifications(app, posting),
    (app) => postOptInRequests(app, { preview: previewRequest, mayCall, inTime: answered }),
    (app) => getNotification(app, { commands, mayCall, inTime: answered }),
    (app) => postCampaigns(app, steering),
    (app) => getCampaigns(app, campaigns),
    (app) => getDoubts(app, { doubts, mayCall, inTime: answered }),
    (app) => postSettlement(app, { settle, redact: redactText, mayCall, inTime: answered }),
    (app) => getOperationsDigest(app, { digest: async () => inside().digest(), mayCall }),
  ]
}

function vaultOf({ masterKey }: DispatcherValues): Vault {
  const parsed = parseMasterKeys(masterKey.reveal())
  if ('keys' in parsed) return createVault(parsed.keys)
  throw appError('OTN_CONFIG_INVALID', { message: `OTN_MASTER_KEY: ${parsed.fault}` })
}

function unavailable(): never {
  const publicMessage = 'the dispatcher is starting; ask again'
  throw appError('OTN_HTTP_UNAVAILABLE', { message: 'starting', publicMessage })
}
