/** How far the services have read the log of their cell, by what they themselves keep of that. */
import { kafkaTopics, type TopicAlias } from '@otn/contracts'
import { COMMANDS, OWN_STREAMS } from '@otn/dispatcher/decisions'
import { LEDGER_TOPICS } from '@otn/token-ledger/decisions'
import { MongoClient } from 'mongodb'
import { callApi } from './call-api.ts'
import type { Cell } from './cell.ts'
import { hasReached } from './has-reached.ts'

/** Next offset of each partition, in partition order. */
export type Offsets = Readonly<Partial<Record<TopicAlias, readonly bigint[]>>>

const OF_DISPATCHER = [...COMMANDS, ...OWN_STREAMS] as const
const OF_ANY = [...new Set<TopicAlias>([...LEDGER_TOPICS, ...OF_DISPATCHER])]

/** Where everything ends now that somebody reads. @throws where no broker answers */
export function endsOf({ log }: Cell): Promise<Offsets> {
  return log.endsOf(OF_ANY)
}

/** Who has not folded everything below the ends, in words. @throws where no member answers */
export async function behindOf(cell: Cell, ends: Offsets): Promise<readonly string[]> {
  const ledger = await ledgerPositions(cell)
  const dispatcher = await dispatcherPositions(cell, ends)
  const behind = (topics: readonly TopicAlias[], positions: Offsets) =>
    topics.filter((topic) => !hasReached(positions, { [topic]: ends[topic] }))
  return [
    ...behind(LEDGER_TOPICS, ledger).map((topic) => `the ledger has not folded all of ${topic}`),
    ...behind(OF_DISPATCHER, dispatcher).map((topic) => `the dispatcher has not: ${topic}`),
  ]
}

async function ledgerPositions({ services, deployment }: Cell): Promise<Offsets> {
  const url = `${services['token-ledger'].url}/v1/position`
  const { body } = await callApi(url, deployment.apiKey)
  const told = (body.topics ?? {}) as Readonly<Record<string, readonly string[]>>
  const of = (topic: TopicAlias) => (told[nameOf(deployment, topic)] ?? []).map(BigInt)
  return Object.fromEntries(LEDGER_TOPICS.map((topic) => [topic, of(topic)]))
}

/** By the cursors in MongoDB: the truth of how far it is. @param ends which partitions there are */
export async function dispatcherPositions(
  { ground, deployment }: Cell,
  ends: Offsets,
): Promise<Offsets> {
  await using client = await MongoClient.connect(ground.engines.mongodbUri)
  const cursors = client.db(`${deployment.databasePrefix}_dispatcher`).collection<Cursor>('cursors')
  const found = await cursors.find().toArray()
  const next = new Map(found.map((cursor) => [cursor._id, cursor.next]))
  const of = (topic: TopicAlias) =>
    (ends[topic] ?? []).map((_, partition) =>
      BigInt(next.get(`${nameOf(deployment, topic)}/${partition}`) ?? -1),
    )
  return Object.fromEntries(OF_DISPATCHER.map((topic) => [topic, of(topic)]))
}

function nameOf({ topicPrefix }: Cell['deployment'], topic: TopicAlias): string {
  return `${topicPrefix}${kafkaTopics[topic].name}`
}

interface Cursor {
  readonly _id: string
  readonly next: number
}
