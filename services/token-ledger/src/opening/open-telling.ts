/** What the ledger writes besides its read model: withdrawals asked for, and what tokens owe. */
import { randomUUID } from 'node:crypto'
import type { Consumption, PartitionProgress } from '@otn/bus'
import { untilReachable } from '@otn/runtime'
import { createFacts } from '../adapters/facts-kafka.ts'
import { leaseIn, type StoredLease } from '../adapters/lease-mongodb.ts'
import { createParking } from '../adapters/parking-kafka.ts'
import { startTicker } from '../adapters/ticker.ts'
import type { LedgerValues } from '../config.ts'
import { everySweepOwed } from '../handlers/every-sweep-owed.ts'
import { onWithdrawConsent } from '../handlers/on-withdraw-consent.ts'
import type { ReadTopic } from '../log-ports.ts'
import { LEDGER_TOPICS, type ServedReadModel, type Store } from '../ports.ts'
import { untilFolded } from '../projection/until-folded.ts'
import { withdrawBatches } from '../projection/withdraw-batch.ts'
import type { Engines } from './open-engines.ts'
import type { Opening } from './opening.ts'

export interface TellingParts extends Opening {
  readonly engines: Engines
  readonly store: Store
  readonly served: ServedReadModel
  readonly nameOf: (topic: ReadTopic) => string
}

export interface Telling {
  /** Of the partitions of consent commands. */
  readonly progress: readonly PartitionProgress[]
  /** Takes and tells nothing more. Never throws. */
  close(limitMs: number): Promise<void>
}

const GROUP = 'token-ledger-consent'
/** How long a sweep, or a batch of commands, waits for the fold to come up. */
const FOLDED_MS = 5_000
const RELEASE_MS = 1_000

/** Starts at once; the group is joined in the background, for a dead member may hold that up. */
export function openTelling(values: LedgerValues, parts: TellingParts): Telling {
  const { engines, store, seams, fail, tell } = parts
  const { bus, codec, mongodb } = engines
  const appender = bus.appender({ name: 'facts' })
  const facts = seams.facts(createFacts({ appender, codec }))
  const parking = seams.parking(createParking({ ...parts, appender, codec, groupId: GROUP }))
  const folding = {
    readEnds: bus.positions.endOffsetsOf,
    readCursors: async () => (await store.now()).cursors.readAll(),
  }
  const lease = leaseIn(mongodb.db.collection<StoredLease>('lease'), randomUUID())
  const sweep = everySweepOwed({
    ...parts,
    lease,
    facts,
    calendar: () => ({ nowMs: parts.clock.nowMs(), marginMs: values.expiryMarginMs }),
    caughtUp: () => untilFolded(folding, { topics: LEDGER_TOPICS, limitMs: FOLDED_MS }),
    machineMs: () => performance.now(),
  })
  const ticker = startTicker(sweep, { everyMs: values.sweepMs })
  const onBatch = withdrawBatches({
    ...{ ...parts, codec, parking },
    kafkaTopic: parts.nameOf('consent'),
    caughtUp: () => untilFolded(folding, { topics: ['token'], limitMs: FOLDED_MS }),
    handle: onWithdrawConsent({ ...parts, facts, parking }),
  })
  const state: { consumption: Consumption | null; isClosed: boolean } = {
    consumption: null,
    isClosed: false,
  }
  const join = async () => {
    const { sessionTimeoutMs, startWaitMs } = values
    const patience = { startWaitMs, tellWaiting: (e: unknown) => tell.engineAwaited('kafka', e) }
    const wish = { groupId: GROUP, topics: ['consent'], onBatch, onCrash: fail } as const
    state.consumption = await untilReachable(
      () => bus.consume({ ...wish, sessionTimeoutMs }),
      patience,
    )
    if (state.isClosed) await state.consumption.close(0)
  }
  join().catch((error) => {
    if (!state.isClosed) fail(error instanceof Error ? error : new Error(String(error)))
  })
  return {
    get progress() {
      return state.consumption?.progress ?? []
    },
    close: async (limitMs) => {
      state.isClosed = true
      await Promise.all([ticker.close(), state.consumption?.close(limitMs)])
      // Whoever comes next would only have to wait for its end.
      const stop = AbortSignal.timeout(RELEASE_MS)
      const late = new Promise<void>((resolve) => stop.addEventListener('abort', () => resolve()))
      await Promise.race([lease.release().catch(() => {}), late])
    },
  }
}
