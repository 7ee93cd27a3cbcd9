/** Everything behind the door: engines, read model, fold, and what operations may start. */
import type { Position } from '@otn/bus'
import { kafkaTopics } from '@otn/contracts'
import { createParking } from '../adapters/parking-kafka.ts'
import type { LedgerValues } from '../config.ts'
import type { ReadTopic } from '../log-ports.ts'
import { isLedgerTopic, LEDGER_TOPICS, type Offsets } from '../ports.ts'
import { foldBatches } from '../projection/fold-batch.ts'
import { createRebuilder } from '../projection/rebuilder.ts'
import { watchStore } from '../projection/watch-store.ts'
import { observeProgress } from '../telemetry.ts'
import { type Engines, openEngines } from './open-engines.ts'
import { type OpenedReadModel, openReadModel } from './open-read-model.ts'
import { openTelling } from './open-telling.ts'
import type { Inside, Opening } from './opening.ts'

const GROUP = 'token-ledger'
const CLOSE_MS = 8_000

/** Opens what `startTokenLedger` needs, in the order of the flow. @throws as `startTokenLedger` */
export async function openInside(values: LedgerValues, opening: Opening): Promise<Inside> {
  const engines = await openEngines(values, opening)
  try {
    const nameOf = (topic: ReadTopic) => `${values.topicPrefix ?? ''}${kafkaTopics[topic].name}`
    const options = { nameOf, timeoutMs: values.storeTimeoutMs }
    const readModel = await openReadModel(engines, { ...opening, ...options })
    return await startFolding(values, { ...opening, engines, readModel, nameOf })
  } catch (error) {
    await engines.close()
    throw error
  }
}

interface Parts extends Opening {
  readonly engines: Engines
  readonly readModel: OpenedReadModel
  readonly nameOf: (topic: ReadTopic) => string
}

type Place = Pick<Position, 'topic' | 'partition'>

async function startFolding(values: LedgerValues, parts: Parts): Promise<Inside> {
  const { engines, readModel, nameOf, tell, handlers, seams } = parts
  const { bus, codec } = engines
  const { served, digest, ends, next } = readModel
  const store = seams.store(readModel.store)
  const rebuilds = seams.rebuilds(readModel.rebuilds)
  const fail = onlyOnce(parts.fail)
  const keeping = createParking({ ...parts, appender: bus.appender(), codec, groupId: GROUP })
  const parking = seams.parking(keeping)
  const fold = foldBatches({ store, parking, codec, handlers, tell, nameOf, fail })
  const { concurrency, sessionTimeoutMs } = values
  const consumption = await bus.consume({
    groupId: GROUP,
    topics: LEDGER_TOPICS,
    onBatch: seams.onBatch(fold),
    ...seams.commits,
    // The cursors in MongoDB are the truth: Kafka's commits may stand far above an emptied store.
    startAt: (assigned) => cursorsOf(assigned, next),
    onCrash: fail,
    maxBytesPerPartition: values.fetchBytesMax,
    sessionTimeoutMs,
    concurrency,
  })
  const telling = openTelling(values, { ...parts, store, served, fail })
  observeProgress(parts.metrics, {
    get progress() {
      return [...consumption.progress, ...telling.progress]
    },
  })
  const watch = watchStore({ store, ends, tell, fail })
  const rebuilder = createRebuilder({ rebuilds, bus, codec, handlers, tell, concurrency })
  const isIdle = () => !consumption.isRunning || consumption.progress.length === 0
  return {
    served,
    nameOf,
    partitionOf: (topic, person) => bus.partitionOf(topic, person),
    notReady: () => [...watch.notReady(), ...(isIdle() ? ['no partition is assigned yet'] : [])],
    operations: {
      position: async () => (await store.now()).cursors.readAll(),
      startRebuild: () => rebuilder.start(),
      lastRebuild: () => rebuilds.last(),
      digest,
    },
    close: async () => {
      watch.close()
      await Promise.all([rebuilder.close(), consumption.close(CLOSE_MS), telling.close(CLOSE_MS)])
      await engines.close()
    },
  }
}

function cursorsOf(assigned: readonly Place[], next: Offsets): readonly Position[] {
  return assigned.flatMap(({ topic, partition }) => {
    const offset = isLedgerTopic(topic) ? next[topic][partition] : undefined
    return offset === undefined ? [] : [{ topic, partition, offset }]
  })
}

/** The first error ends the process; what follows from it says nothing new. */
function onlyOnce(fail: (error: Error) => void): (error: Error) => void {
  let hasFailed = false
  return (error) => {
    if (hasFailed) return
    hasFailed = true
    fail(error)
  }
}
