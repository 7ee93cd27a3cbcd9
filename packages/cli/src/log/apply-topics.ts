import {
  type ApplyReport,
  busOptions,
  createBus,
  type LogSettings,
  minInsyncReplicas,
  silentLog,
  type TopicSettings,
} from '@otn/bus'
import { appError } from '@otn/kernel'

const CLOSE_MS = 5_000
const SAFE_REPLICATION = 3

export interface ApplyTopicsOptions {
  /** Also sets retention and sizes of Kafka topics that exist already. Default true. */
  readonly alterSettings?: boolean
}

/**
 * Creates the Kafka topics that are missing and sets what may be set on the others. Repeating it
 * adds nothing.
 * @throws OTN_BUS_TOPICS_WRONG with what it cannot change (partitions, replicas) after doing the
 *   rest; OTN_BUS_UNREACHABLE
 */
export async function applyTopics(
  settings: LogSettings,
  { alterSettings = true }: ApplyTopicsOptions = {},
): Promise<ApplyReport> {
  const bus = createBus(busOptions(settings, { clientId: 'otn-cli', log: silentLog }))
  try {
    const report = await bus.topics.apply({ ...wanted(settings), alterSettings })
    if (report.faults.length > 0) throw wrong(report.faults)
    return report
  } finally {
    await bus.close(CLOSE_MS)
  }
}

/** What `applyTopics` would change, one sentence each; empty where all is as it should be. */
export async function planTopics(settings: LogSettings): Promise<readonly string[]> {
  const bus = createBus(busOptions(settings, { clientId: 'otn-cli', log: silentLog }))
  try {
    return await bus.topics.check(wanted(settings))
  } finally {
    await bus.close(CLOSE_MS)
  }
}

function wanted({ replicationFactor }: LogSettings): TopicSettings {
  return {
    replicationFactor,
    minInsyncReplicas: minInsyncReplicas(replicationFactor),
    allowFewReplicas: replicationFactor < SAFE_REPLICATION,
  }
}

function wrong(faults: readonly string[]): Error {
  const message = ['Kafka topics that cannot be set right', ...faults].join('\n  ')
  return appError('OTN_BUS_TOPICS_WRONG', { message, details: { faults } })
}
