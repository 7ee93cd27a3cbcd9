/** Everything behind the door: engines, fold, what reaches the platform, and the watch. */
import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { Clock, Identity } from '@otn/kernel'
import type { Log } from '@otn/runtime'
import type { MasterKeys } from '@otn/vault'
import { createCallback } from '../adapters/callback-http.ts'
import { leaseIn, type StoredLease } from '../adapters/lease-mongodb.ts'
import { createLog } from '../adapters/log-kafka.ts'
import { createMeta } from '../adapters/meta-graph.ts'
import { createPageTokens } from '../adapters/page-tokens-vault.ts'
import { startTicker } from '../adapters/ticker.ts'
import { type WatchDocument, watchedIn } from '../adapters/watched-mongodb.ts'
import { newestSecrets, type RegistryValues } from '../config.ts'
import { fieldsOf } from '../domain/webhook-fields.ts'
import { everyWatch } from '../handlers/every-watch.ts'
import type { Onboarding } from '../onboarding/onboarding.ts'
import type { MetaUntil, Pages } from '../ports.ts'
import type { Telemetry } from '../telemetry.ts'
import { type Engines, openEngines } from './open-engines.ts'
import { type OpenedFold, openFold } from './open-fold.ts'

export interface Opening {
  readonly log: Log
  readonly fail: (error: Error) => void
  readonly tell: Telemetry
  readonly keys: MasterKeys
  readonly identity: Identity
  readonly clock: Clock
  readonly pepperCheck: string
}

export interface Inside {
  /** For one request: its calls of the platform have one deadline together. */
  readonly onboarding: () => Onboarding
  /** In words for people; empty = ready. */
  readonly notReady: () => readonly string[]
  readonly close: () => Promise<void>
}

/** How often it is asked whether a round is due. */
const LOOK_MS = 1_000
const ACKNOWLEDGE_MS = 10_000
const FOLDED_WAIT_MS = 5_000
const FOLDED_LOOK_MS = 50

/** @throws as `startPageRegistry` */
export async function openInside(values: RegistryValues, opening: Opening): Promise<Inside> {
  const engines = await openEngines(values, opening)
  try {
    const fold = await openFold(engines, opening)
    return joined({ values, opening, engines, fold })
  } catch (error) {
    await engines.close()
    throw error
  }
}

interface Parts {
  readonly values: RegistryValues
  readonly opening: Opening
  readonly engines: Engines
  readonly fold: OpenedFold
}

function joined(parts: Parts): Inside {
  const { values, engines, fold } = parts
  const { db } = engines.mongodb
  const { metaUntil, ...onboarding } = onboardingOf(parts)
  const lease = leaseIn(db.collection<StoredLease>('lease'), randomUUID())
  const { watchMs, requestMs } = values
  const look = everyWatch({ ...onboarding, watchMs, lease })
  // What is not folded yet would be watched with an old token.
  const watch = startTicker(async () => (fold.isFolded() ? look() : undefined), LOOK_MS)
  return {
    onboarding: () => ({ ...onboarding, meta: metaUntil(AbortSignal.timeout(requestMs)) }),
    notReady: () => [
      ...(fold.isFolded() ? [] : ['the page events are being folded']),
      ...(fold.isRunning() ? [] : ['the consumer is being replaced']),
    ],
    close: async () => {
      await watch.close()
      await lease.release().catch(() => {})
      await fold.close()
      await engines.close()
    },
  }
}

function onboardingOf({
  values,
  opening,
  engines,
  fold,
}: Parts): Onboarding & { readonly metaUntil: MetaUntil } {
  const { bus, codec, mongodb } = engines
  const { appId, callbackUrl: url } = values
  const { appSecret, verifyToken } = newestSecrets(values)
  const metaUntil = createMeta({ ...values, appSecret })
  const meta = metaUntil(null)
  const appender = bus.appender({ name: 'page-registry', deadlineMs: ACKNOWLEDGE_MS })
  return {
    appId,
    fields: fieldsOf(values.fields),
    ...{ meta, metaToUndo: meta, metaUntil },
    callback: createCallback({ url, verifyToken, appSecret }),
    pages: fold.pages,
    watched: watchedIn(mongodb.db.collection<WatchDocument>('watched')),
    tokens: createPageTokens(opening.keys),
    log: createLog({ appender, codec }),
    identity: opening.identity,
    clock: opening.clock,
    tell: opening.tell,
    untilFolded: untilFolded(fold.pages),
  }
}

/** A look at the store: another registry may be the one that folds this page. */
function untilFolded(pages: Pages): Onboarding['untilFolded'] {
  return async (page, has) => {
    const giveUpAt = performance.now() + FOLDED_WAIT_MS
    while (performance.now() < giveUpAt) {
      if (has(await pages.read(page))) return true
      await delay(FOLDED_LOOK_MS)
    }
    return false
  }
}
