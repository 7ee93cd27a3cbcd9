/** Joins the token-ledger: the door first, so that callers get 503 and no silence. */
import { appError, type Clock } from '@otn/kernel'
import {
  authorize,
  createMetrics,
  followClock,
  type Log,
  listen,
  openFaults,
  pepperKey,
  type RunningService,
  readApiKeys,
  systemClock,
} from '@otn/runtime'
import { createIdentity, createVault, parseMasterKeys, pepperCheck, type Vault } from '@otn/vault'
import { createAccountOf } from './adapters/accounts-vault.ts'
import { createPersonalVault } from './adapters/personal-vault.ts'
import type { LedgerValues } from './config.ts'
import { ledgerFaultPoints } from './fault-points.ts'
import { getOperationsDigest } from './handlers/get-operations-digest.ts'
import { getOperationsRebuild } from './handlers/get-operations-rebuild.ts'
import { getPageAudience } from './handlers/get-page-audience.ts'
import { getPagePersons } from './handlers/get-page-persons.ts'
import { getPageTokens } from './handlers/get-page-tokens.ts'
import { getPageTopics } from './handlers/get-page-topics.ts'
import { getPerson } from './handlers/get-person.ts'
import { getPersonTokens } from './handlers/get-person-tokens.ts'
import { getPosition } from './handlers/get-position.ts'
import { getToken } from './handlers/get-token.ts'
import { getTokenHistory } from './handlers/get-token-history.ts'
import { onEngagementEvent } from './handlers/on-engagement-event.ts'
import { onNotificationEvent } from './handlers/on-notification-event.ts'
import { onOptInReceived } from './handlers/on-opt-in-received.ts'
import { onOptInRequestEvent } from './handlers/on-optin-request-event.ts'
import { onPageEvent } from './handlers/on-page-event.ts'
import { onTokenEvent } from './handlers/on-token-event.ts'
import { postCandidates } from './handlers/post-candidates.ts'
import { postOperationsRebuild } from './handlers/post-operations-rebuild.ts'
import { openDoor } from './opening/open-door.ts'
import { openInside } from './opening/open-inside.ts'
import type { Inside } from './opening/opening.ts'
import { seamsWith } from './opening/with-fault-points.ts'
import type { EventHandlers } from './projection/read-records.ts'
import type { QueryParts } from './queries/query-parts.ts'
import { createTelemetry } from './telemetry.ts'
import type { AccountOf } from './vault-ports.ts'

export { checkLedger, type LedgerValues, ledgerSettings } from './config.ts'

export interface LedgerShell {
  readonly log: Log
  /** Ends the process; whoever supervises it starts it again. */
  readonly fail: (error: Error) => void
  /** In place of the one the settings name. */
  readonly clock?: Clock
}

/** What each Kafka topic does to the read model, in the order of the flow. */
function eventHandlers(check: string, accountOf: AccountOf): EventHandlers {
  return {
    page: onPageEvent(check),
    engagement: onEngagementEvent(accountOf),
    optIn: onOptInReceived,
    notification: onNotificationEvent,
    optInRequestEvent: onOptInRequestEvent,
    token: onTokenEvent,
  }
}

const ROUTES = [
  getToken,
  getTokenHistory,
  getPerson,
  getPersonTokens,
  getPageTokens,
  getPageAudience,
  getPagePersons,
  getPageTopics,
  getPosition,
  postCandidates,
  postOperationsRebuild,
  getOperationsRebuild,
  getOperationsDigest,
] as const

/**
 * Starts the token-ledger. Ready when everything that was on the log at the start is folded.
 * @throws OTN_CONFIG_INVALID, OTN_BUS_TOPICS_WRONG, OTN_STORE_CLUSTER_CHANGED, and when they stay
 *   away OTN_BUS_UNREACHABLE, OTN_REGISTRY_UNREACHABLE, OTN_STORE_UNREACHABLE
 */
export async function startTokenLedger(
  values: LedgerValues,
  shell: LedgerShell,
): Promise<RunningService> {
  const vault = vaultOf(values)
  const pepper = pepperKey(values.personPepper)
  const [identity, check] = [createIdentity(pepper), pepperCheck(pepper)]
  const metrics = createMetrics('token-ledger')
  const tell = createTelemetry({ log: shell.log, metrics })
  const followed = await clockOf(values)
  const clock = shell.clock ?? followed
  const state: { inside: Inside | null; isStopping: boolean } = { inside: null, isStopping: false }
  const inside = () => state.inside ?? unavailable()
  const parts = queryParts(values, { identity, vault, clock, inside })
  const notReady = () => {
    if (state.isStopping) return ['the token-ledger is stopping']
    return state.inside?.notReady() ?? ['the token-ledger is starting']
  }
  const wish = { ...values, service: 'token-ledger', table: ledgerFaultPoints }
  const seams = seamsWith(openFaults(wish))
  const routes = ROUTES.map((route) => (route === postCandidates ? seams.candidates(route) : route))
  const app = await openDoor({ log: shell.log, metrics, notReady, routes, parts })
  const url = await listen(app, { ...values, settings: 'LEDGER' })
  try {
    const personal = createPersonalVault(vault, identity)
    const accountOf = createAccountOf({ vault: personal, identity, tell })
    const handlers = eventHandlers(check, accountOf)
    const { log, fail } = shell
    const opening = { log, fail, tell, metrics, vault, identity, clock, handlers, seams }
    state.inside = await openInside(values, { ...opening, pepperCheck: check })
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

function clockOf({ clockUrl }: LedgerValues) {
  return clockUrl === null ? systemClock : followClock(clockUrl, 'token-ledger')
}

function vaultOf({ masterKey }: LedgerValues): Vault {
  const parsed = parseMasterKeys(masterKey.reveal())
  if ('keys' in parsed) return createVault(parsed.keys)
  throw appError('OTN_CONFIG_INVALID', { message: `OTN_MASTER_KEY: ${parsed.fault}` })
}

interface PartsInput {
  readonly identity: QueryParts['identity']
  readonly vault: Vault
  readonly clock: Clock
  readonly inside: () => Inside
}

function queryParts(values: LedgerValues, input: PartsInput): QueryParts {
  const { identity, vault, clock, inside } = input
  const keys = readApiKeys(values.apiKeysFile)
  return {
    served: { ask: async (question) => inside().served.ask(question) },
    identity,
    vault: createPersonalVault(vault, identity),
    calendar: () => ({ nowMs: clock.nowMs(), marginMs: values.expiryMarginMs }),
    mayCall: (scope) => authorize(keys, scope),
    nameOf: (topic) => inside().nameOf(topic),
    partitionOf: (topic, person) => inside().partitionOf(topic, person),
    tapOpensWindow: values.tapOpensWindow,
    candidateTokensMax: values.candidateTokensMax,
    operations: {
      position: async () => inside().operations.position(),
      startRebuild: async () => inside().operations.startRebuild(),
      lastRebuild: async () => inside().operations.lastRebuild(),
      digest: async () => inside().operations.digest(),
    },
  }
}

function unavailable(): never {
  const publicMessage = 'the token-ledger is starting; ask again'
  throw appError('OTN_HTTP_UNAVAILABLE', { message: 'starting', publicMessage })
}
