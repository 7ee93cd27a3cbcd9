/** How much stands on each Kafka topic, and how far its readers are. */
import { kafkaTopics, type TopicAlias } from '@otn/contracts'
import { dispatcherSettings, logSettings } from '../cli-settings.ts'
import { lagOf, readLedgerPositions } from '../doctor/checks/ledger-lag.ts'
import type { Place } from '../doctor/place.ts'
import { readMetrics } from '../doctor/readers/read-metrics.ts'

const LAGS = new Set(['otn_dispatcher_lag_records', 'otn_dispatcher_group_joined'])

export async function kafkaTopicSizes(place: Place) {
  const { positions } = place.bus()
  const prefix = place.context.read(logSettings).topicPrefix ?? ''
  const aliases = Object.keys(kafkaTopics) as TopicAlias[]
  const ends = await positions.endOffsetsOf(aliases)
  return Promise.all(
    aliases.map(async (alias) => {
      const start = await positions.startOffsets(alias)
      return {
        kafkaTopic: `${prefix}${kafkaTopics[alias].name}`,
        partitions: ends[alias].length,
        records: Number(sum(ends[alias]) - sum(start)),
      }
    }),
  )
}

export async function ledgerLag(place: Place) {
  const positions = await readLedgerPositions(place)
  return positions.map((one) => ({ kafkaTopic: one.kafkaTopic, behind: Number(lagOf(one)) }))
}

export async function dispatcherLag({ context, shell }: Place) {
  const samples = await readMetrics(context.read(dispatcherSettings).url, shell.fetch)
  return samples.filter(({ name }) => LAGS.has(name))
}

function sum(offsets: readonly bigint[]): bigint {
  return offsets.reduce((all, one) => all + one, 0n)
}
