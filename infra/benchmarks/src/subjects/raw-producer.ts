/** The bare part that appends what a service wrote, in a process of its own. */
import { join } from 'node:path'
import type { TopicAlias } from '@otn/contracts'
import type { Deployment } from '@otn/stack'
import { dealt, readRecords, writeGroups } from '../ground/ready-records.ts'
import type { Worker } from '../measure/worker.ts'
import type { RawProducerQuestion } from '../servers/raw-producer.ts'
import { openServer } from './processes.ts'

export interface RawProducerWish {
  readonly name: string
  readonly deployment: Deployment
  /** Where the records are taken from; default: opt-ins. */
  readonly from?: TopicAlias
  /** How many of them. */
  readonly count: number
  /** Calls; each writes an equal share of the records. */
  readonly groups: number
  /** Who wait for acknowledgements at the same time. */
  readonly callers: number
}

/** @throws Error where the service wrote fewer */
export async function openRawProducer(
  opening: AsyncDisposableStack,
  { name, deployment, from = 'optIn', count, groups, callers }: RawProducerWish,
): Promise<Worker> {
  const records = (await readRecords(deployment, from)).slice(0, count)
  if (records.length < count)
    throw new Error(`only ${records.length} of ${count} records are there`)
  const { home, kafkaBrokers: brokers, topicPrefix } = deployment
  const file = join(home, `${name}.jsonl`)
  writeGroups(file, dealt(records, groups))
  const topic = `${topicPrefix}${name}`
  const question: RawProducerQuestion = { kind: 'open', brokers, topic, file, callers }
  const { worker } = await openServer(opening, 'raw-producer', question)
  return worker
}
