/** A bare part: kafkajs alone, fed with records that are ready. */
import type { Message } from 'kafkajs'
import { byCallers } from '../baselines/group-commit.ts'
import { makeTopic, rawAppender, rawProducer } from '../baselines/raw-kafka.ts'
import { readGroups } from '../ground/ready-records.ts'
import { type Arrivals, type Latency, openLoop } from '../measure/open-loop.ts'
import { answerQuestions } from '../measure/worker.ts'

export type RawProducerQuestion =
  | {
      readonly kind: 'open'
      readonly brokers: readonly string[]
      readonly topic: string
      /** Groups of records; each is one call. */
      readonly file: string
      readonly callers: number
    }
  /** Each group once, one call after the other by each caller. */
  | { readonly kind: 'append' }
  /** The same, but each call is made when it is due. @returns Latency */
  | { readonly kind: 'append as they come'; readonly arrivals: Arrivals }

interface Opened {
  readonly callers: number
  readonly groups: readonly (readonly Message[])[]
  readonly append: (messages: readonly Message[]) => Promise<void>
}

let opened: Opened | undefined

async function answer(question: RawProducerQuestion): Promise<Latency | undefined> {
  if (question.kind === 'open') {
    const { brokers, topic, file, callers } = question
    await makeTopic({ brokers, topic })
    const append = rawAppender(await rawProducer(brokers), topic)
    const groups = readGroups(file).map((group) => group.map((record) => ({ ...record })))
    opened = { callers, groups, append }
    return undefined
  }
  if (opened === undefined) throw new Error('nothing was opened')
  const { callers, groups, append } = opened
  if (question.kind === 'append') {
    await byCallers(groups, callers, append)
    return undefined
  }
  return await openLoop(question.arrivals, (index) => append(groups[index % groups.length] ?? []))
}

answerQuestions((question) => answer(question as RawProducerQuestion))
