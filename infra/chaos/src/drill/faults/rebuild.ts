/** G6: the store dropped under way, and a log that is not the one the store was folded from. */
import { applyTopics } from '@otn/cli'
import { startKafka, waitFor } from '@otn/engines'
import { logSettings } from '@otn/stack'
import type { Cell } from '../cell.ts'
import { copyLog } from '../copy-log.ts'
import type { Exercise } from '../exercise.ts'
import { untilAllReady, untilAtRest } from '../rest.ts'
import { digests, dropAndRefold, dropDatabases, untilCommandsRead, untilEqual } from '../verdict.ts'

const REST_MS = 90_000
const NOTICED_MS = 60_000

const dropped: Exercise = {
  family: 'rebuild',
  id: 'MongoDB dropped while commands are under way',
  run: dropAndRefold,
}

/**
 * A log restored into fresh Kafka topics of another cluster is noticed: the services refuse it and
 * say what to do. Done so, they come to the same state, and nothing is sent again.
 */
const restored: Exercise = {
  family: 'rebuild',
  id: 'a log restored into fresh Kafka topics',
  run: async (cell) => {
    const { traffic, meta, services, deployment, log } = cell
    await traffic.pause()
    const { isReached, missing } = await untilAtRest(cell, REST_MS)
    if (!isReached) throw new Error(`the cell did not come to rest: ${missing.join('; ')}`)
    const before = await digests(cell)
    const calls = meta.truth({ limit: 1 }).callCount
    const all = Object.values(services)
    await Promise.all(all.map((service) => service.stop()))
    await using kafka = await startKafka({ settings: { 'group.min.session.timeout.ms': '1000' } })
    const elsewhere = logSettings({ ...deployment, kafkaBrokers: kafka.kafkaBrokers })
    await applyTopics(elsewhere)
    await copyLog(log.bus, elsewhere)
    const env = { KAFKA_BROKERS: kafka.kafkaBrokers.join(',') }
    await mustRefuse(cell, env)
    await dropDatabases(cell)
    await Promise.all(all.map((service) => service.start({ env })))
    await untilAllReady(cell)
    await untilCommandsRead(cell)
    await untilEqual(cell, before, REST_MS)
    const called = meta.truth({ limit: 1 }).callCount - calls
    if (called > 0) throw new Error(`${called} calls were made upon a log that was restored`)
    await backHome(cell)
    traffic.run()
  },
}

export const rebuildExercises: readonly Exercise[] = [dropped, dropped, restored]

async function mustRefuse(cell: Cell, env: Readonly<Record<string, string>>): Promise<void> {
  for (const name of ['token-ledger', 'dispatcher'] as const) {
    const service = cell.services[name]
    service.listen()
    await service.start({ env })
    const hasRefused = async () => service.hasSaid('OTN_STORE_CLUSTER_CHANGED')
    const wait = { timeoutMs: NOTICED_MS, describe: `${name} to refuse a log that it never read` }
    await waitFor(hasRefused, wait)
    await service.stop()
  }
}

/** Back to the first cluster, which is another one once more. */
async function backHome(cell: Cell): Promise<void> {
  const all = Object.values(cell.services)
  await Promise.all(all.map((service) => service.stop()))
  await dropDatabases(cell)
  await Promise.all(all.map((service) => service.start()))
  await untilAllReady(cell)
}
