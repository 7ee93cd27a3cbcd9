/**
 * The consumers: commands in one group, our own streams in another, so that neither holds the other
 * up. The claims are folded by then, so nobody waits for the groups: a member that died holds a
 * join up for as long as its session, while the door and the lanes work.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { Consumption, PartitionProgress, Subscription } from '@otn/bus'
import type { TopicAlias } from '@otn/contracts'
import { untilReachable } from '@otn/runtime'
import { type CursorConsumer, consumeWithCursor } from '../adapters/consume-with-cursor.ts'
import type { DispatcherValues } from '../config.ts'
import { COMMANDS, type CommandStream, OWN_STREAMS, type OwnStream } from '../streams.ts'
import type { Claims, StreamHandlers } from './open-claims.ts'
import type { Engines } from './open-engines.ts'
import { GROUP, type Opening } from './opening.ts'

export interface Consumers {
  /** False while the group is being joined, or its consumer replaced. */
  readonly groups: readonly { readonly group: string; readonly isRunning: boolean }[]
  readonly progress: readonly PartitionProgress[]
  /** Takes nothing more. Never throws. */
  close(limitMs: number): Promise<void>
}

interface ConsumerParts extends Pick<Opening, 'tell' | 'fail' | 'seams'> {
  readonly engines: Pick<Engines, 'bus' | 'codec'>
  readonly claims: Pick<Claims, 'cursors'>
  readonly handlers: StreamHandlers
  readonly nameOf: (topic: TopicAlias) => string
  readonly onCommands: {
    readonly [Topic in CommandStream]: CursorConsumer<Topic>['handle']
  }
}

/** Joins in the background; a group that cannot be joined in a start's time ends the process. */
export function openConsumers(values: DispatcherValues, parts: ConsumerParts): Consumers {
  const { engines, tell, fail } = parts
  const state = { isClosed: false }
  const joined = new Map<string, Consumption>()
  const patience = {
    startWaitMs: values.startWaitMs,
    tellWaiting: (error: unknown) => tell.engineAwaited('kafka', error),
  }
  const subscriptions = subscriptionsOf(values, parts)
  const join = async (subscription: Subscription) => {
    try {
      const consumption = await untilReachable(() => engines.bus.consume(subscription), patience)
      joined.set(subscription.groupId, consumption)
      if (state.isClosed) await consumption.close(0)
    } catch (error) {
      if (!state.isClosed) fail(error instanceof Error ? error : new Error(String(error)))
    }
  }
  const joining = Promise.all(subscriptions.map(join))
  return {
    get groups() {
      return subscriptions.map(({ groupId: group }) => {
        return { group, isRunning: joined.get(group)?.isRunning ?? false }
      })
    },
    get progress() {
      return [...joined.values()].flatMap(({ progress }) => progress)
    },
    close: async (limitMs) => {
      state.isClosed = true
      await Promise.all([...joined.values()].map((consumption) => consumption.close(limitMs)))
      await Promise.race([joining, delay(limitMs, undefined, { ref: false })])
    },
  }
}

function subscriptionsOf(
  { sessionTimeoutMs }: DispatcherValues,
  parts: ConsumerParts,
): readonly Subscription[] {
  const { engines, claims, handlers, nameOf, tell, fail, onCommands, seams } = parts
  const reading = { codec: engines.codec, nameOf, cursors: claims.cursors }
  const retried = (topic: TopicAlias) => (error: unknown) => tell.batchRetried(topic, error)
  const commands = <Topic extends CommandStream>(
    topic: Topic,
    handle: ConsumerParts['onCommands'][Topic],
  ) => {
    const cursors = seams.commandCursors(claims.cursors)
    return consumeWithCursor<Topic>({ ...reading, cursors, topic, handle, retried: retried(topic) })
  }
  const stream = <Topic extends OwnStream>(topic: Topic, handle: StreamHandlers[Topic]) =>
    consumeWithCursor<Topic>({ ...reading, topic, handle, retried: retried(topic) })
  const streams = {
    notify: commands('notify', onCommands.notify),
    optInRequest: commands('optInRequest', onCommands.optInRequest),
    cancel: commands('cancel', onCommands.cancel),
    campaign: commands('campaign', onCommands.campaign),
    notification: stream('notification', handlers.notification),
    optInRequestEvent: stream('optInRequestEvent', handlers.optInRequestEvent),
    campaignEvent: stream('campaignEvent', handlers.campaignEvent),
    receipt: stream('receipt', handlers.receipt),
    token: stream('token', handlers.token),
  }
  const isStream = (topic: TopicAlias): topic is keyof typeof streams =>
    Object.hasOwn(streams, topic)
  const startAt: Subscription['startAt'] = (assigned) =>
    assigned.flatMap(({ topic, partition }) => {
      const offset = claims.cursors.lastKnown({ topic: nameOf(topic), partition })
      return offset === null ? [] : [{ topic, partition, offset }]
    })
  const onBatch: Subscription['onBatch'] = async (batch) => {
    if (isStream(batch.topic)) return streams[batch.topic](batch)
    throw new Error(`${batch.topic} was not asked for`)
  }
  const common = { startAt, onCrash: fail, sessionTimeoutMs, onBatch, concurrency: 2 }
  return [
    { ...common, ...seams.commandCommits, groupId: GROUP, topics: COMMANDS },
    { ...common, groupId: `${GROUP}-facts`, topics: OWN_STREAMS },
  ]
}
