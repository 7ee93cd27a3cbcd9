/** The cell's log, read along by the independent auditor while everything breaks. */

import type { AuditState, Limits } from '@otn/auditor'
import { AUDITED_TOPICS, createFolding, finalOf, isInDoubt } from '@otn/auditor'
import type { Bus, Following, LogSettings } from '@otn/bus'
import { openLog } from '@otn/bus'
import type { Codec, TopicAlias } from '@otn/contracts'
import { waitFor } from '@otn/engines'
import { hasReached } from './has-reached.ts'

export interface LogWatch extends AsyncDisposable {
  readonly bus: Bus
  readonly codec: Codec
  readonly state: AuditState
  /** Whether the command has a final fact or the open verdict in doubt. */
  hasEnded(commandKey: string): boolean
  /** Resolves once all that is on the log now is read. @throws where a minute is too short */
  untilRead(): Promise<void>
  /** Where Kafka topics end; a broker that has just come back may close a connection once more. */
  endsOf<Alias extends TopicAlias>(
    topics: readonly Alias[],
  ): Promise<Readonly<Record<Alias, readonly bigint[]>>>
}

const CLOSE_MS = 5_000
const RETRY_MS = 500
const BEGIN_MS = 60_000
const READ_MS = 60_000
const quiet = { debug() {}, info() {}, warn() {}, error() {} }

/** Reads from the first record on, and goes on wherever the brokers leave it. */
export async function watchLog(
  settings: LogSettings,
  { name, limits }: { readonly name: string; readonly limits: Limits },
): Promise<LogWatch> {
  const opening = () => openLog(settings, { clientId: `drill-${name}`, log: quiet })
  const { bus, codec } = await waitFor(opening, {
    ...{ timeoutMs: BEGIN_MS, describe: 'the log to be opened', intervalMs: RETRY_MS },
  })
  const folding = createFolding(codec, { nowMs: Date.now, limits })
  const reading: { following: Following | null; isClosed: boolean } = {
    following: null,
    isClosed: false,
  }
  const follow = async (from: Following['positions']): Promise<void> => {
    reading.following = await bus.follow({
      ...{ topics: AUDITED_TOPICS, from },
      onBatch: (batch) => folding.take(batch),
      onCrash: () => {
        const at = reading.following?.positions ?? from
        void reading.following?.close(0)
        setTimeout(() => void again(at), RETRY_MS)
      },
    })
  }
  const again = async (from: Following['positions']): Promise<void> => {
    if (reading.isClosed) return
    await follow(from).catch(() => setTimeout(() => void again(from), RETRY_MS))
  }
  // A cluster that has just been given its Kafka topics may still elect their leaders.
  const begun = () => follow({}).then(() => true)
  await waitFor(begun, {
    timeoutMs: BEGIN_MS,
    describe: 'the log to be read',
    intervalMs: RETRY_MS,
  })
  const endsOf: LogWatch['endsOf'] = (topics) =>
    waitFor(() => bus.positions.endOffsetsOf(topics), {
      ...{ timeoutMs: READ_MS, describe: 'the ends of the log', intervalMs: RETRY_MS },
    })
  return {
    ...{ bus, codec, endsOf },
    state: folding.state,
    hasEnded: (key) => {
      const command = folding.state.commands.get(key)
      return command !== undefined && (finalOf(command) !== null || isInDoubt(command))
    },
    untilRead: async () => {
      const ends = await endsOf(AUDITED_TOPICS)
      const isRead = async () => hasReached(reading.following?.positions, ends)
      await waitFor(isRead, { timeoutMs: READ_MS, describe: 'the log to be read to its end' })
    },
    [Symbol.asyncDispose]: async () => {
      reading.isClosed = true
      await reading.following?.close(CLOSE_MS)
      await bus.close(CLOSE_MS)
    },
  }
}
