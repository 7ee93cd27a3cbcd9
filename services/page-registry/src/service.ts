/** Joins the page registry: the door first, so that callers get 503 and no silence. */
import { appError, type Clock } from '@otn/kernel'
import {
  authorize,
  createHttpServer,
  createMetrics,
  followClock,
  type Log,
  listen,
  logRequests,
  pepperKey,
  type RunningService,
  readApiKeys,
  serveHealth,
  serveOpenApi,
  systemClock,
} from '@otn/runtime'
import { createIdentity, type MasterKeys, parseMasterKeys, pepperCheck } from '@otn/vault'
import type { ApiParts } from './api/api-parts.ts'
import { onlyReadsUntilReady } from './api/reads-until-ready.ts'
import type { RegistryValues } from './config.ts'
import { getPage } from './handlers/get-page.ts'
import { getPages } from './handlers/get-pages.ts'
import { postConnect } from './handlers/post-connect.ts'
import { postDisconnect } from './handlers/post-disconnect.ts'
import { postFollow } from './handlers/post-follow.ts'
import { postOffers } from './handlers/post-offers.ts'
import { postUnfollow } from './handlers/post-unfollow.ts'
import { putCapability } from './handlers/put-capability.ts'
import { type Inside, openInside } from './opening/open-inside.ts'
import { createTelemetry } from './telemetry.ts'

export { checkRegistry, type RegistryValues, registrySettings } from './config.ts'

export interface RegistryShell {
  readonly log: Log
  /** Ends the process; whoever supervises it starts it again. */
  readonly fail: (error: Error) => void
  /** In place of the one the settings name. */
  readonly clock?: Clock
}

const ROUTES = [
  getPages,
  getPage,
  postOffers,
  postConnect,
  postFollow,
  postUnfollow,
  postDisconnect,
  putCapability,
] as const

/**
 * Starts the page registry. Ready when every page event that was on the log at the start is folded.
 * @throws OTN_CONFIG_INVALID, OTN_BUS_TOPICS_WRONG, OTN_STORE_CLUSTER_CHANGED, and when they stay
 *   away OTN_BUS_UNREACHABLE, OTN_REGISTRY_UNREACHABLE, OTN_STORE_UNREACHABLE
 */
export async function startPageRegistry(
  values: RegistryValues,
  { log, fail, clock: ownClock }: RegistryShell,
): Promise<RunningService> {
  const keys = keysOf(values)
  const pepper = pepperKey(values.personPepper)
  const metrics = createMetrics('page-registry')
  const tell = createTelemetry({ log, metrics })
  const followed = await clockOf(values)
  const state: { inside: Inside | null; isStopping: boolean } = { inside: null, isStopping: false }
  const app = createHttpServer({ log })
  logRequests(app)
  await serveOpenApi(app, {
    title: 'page-registry',
    description: 'Pages: connect them, keep them connected. Instants are ms since the epoch.',
  })
  const notReady = () => {
    if (state.isStopping) return ['the page registry is stopping']
    return state.inside?.notReady() ?? ['the page registry is starting']
  }
  serveHealth(app, { metrics, notReady })
  const mayCall = authorize(readApiKeys(values.apiKeysFile), 'pages:admin')
  const onboarding = () => (state.inside ?? unavailable()).onboarding()
  const parts: ApiParts = { mayCall, onboarding, tell }
  onlyReadsUntilReady(app, notReady)
  for (const route of ROUTES) route(app, parts)
  const url = await listen(app, { ...values, settings: 'REGISTRY' })
  try {
    const clock = ownClock ?? followed
    const ids = { identity: createIdentity(pepper), pepperCheck: pepperCheck(pepper) }
    state.inside = await openInside(values, { log, fail, tell, keys, clock, ...ids })
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

function clockOf({ clockUrl }: RegistryValues) {
  return clockUrl === null ? systemClock : followClock(clockUrl, 'page-registry')
}

function keysOf({ masterKey }: RegistryValues): MasterKeys {
  const parsed = parseMasterKeys(masterKey.reveal())
  if ('keys' in parsed) return parsed.keys
  throw appError('OTN_CONFIG_INVALID', { message: `OTN_MASTER_KEY: ${parsed.fault}` })
}

function unavailable(): never {
  const publicMessage = 'the page registry is starting'
  throw appError('OTN_HTTP_UNAVAILABLE', { message: publicMessage, publicMessage })
}
