/** What a proxy looks at on the way through, by the protocol that is spoken. */
import type { Fate } from './kafka-faults.ts'
import { answerCorrelationId, frameSplitter } from './kafka-frames.ts'
import { firstMessage, openerOf } from './mongodb-frames.ts'

export interface RequestFate {
  readonly fate: Fate
  readonly correlationId: number
}

export type Reader =
  /** Decides about every whole Kafka request. */
  | { readonly fateOf: (frame: Buffer) => RequestFate }
  /** Decides about every connection to MongoDB, by the member that opened it; null = a client. */
  | { readonly isWelcome: (opener: number | null) => boolean }

interface Lanes {
  readonly toTarget: (chunk: Buffer) => void
  readonly toClient: (chunk: Buffer) => void
}

export interface Ways extends Lanes {
  readonly cut: () => void
  readonly onAnswerLost: () => void
  readonly onOpener: (opener: number | null) => void
}

/** @param reader null: bytes are not looked at */
export function lanesOf(reader: Reader | null, ways: Ways): Lanes {
  if (reader === null) return ways
  return 'fateOf' in reader ? kafkaLanes(reader.fateOf, ways) : mongodbLanes(reader.isWelcome, ways)
}

function mongodbLanes(isWelcome: (opener: number | null) => boolean, ways: Ways): Lanes {
  const { toTarget, toClient, cut, onOpener } = ways
  let isKnown = false
  const hello = firstMessage((message, all) => {
    const opener = openerOf(message)
    isKnown = true
    onOpener(opener)
    if (isWelcome(opener)) toTarget(all)
    else cut()
  })
  return { toTarget: (chunk) => (isKnown ? toTarget(chunk) : hello(chunk)), toClient }
}

function kafkaLanes(fateOf: (frame: Buffer) => RequestFate, ways: Ways): Lanes {
  const { toTarget, toClient, cut, onAnswerLost } = ways
  const doomed = new Map<number, Fate>()
  const request = (frame: Buffer): void => {
    const { fate, correlationId } = fateOf(frame)
    if (fate === 'lose-request') {
      cut()
      return
    }
    if (fate !== 'pass') doomed.set(correlationId, fate)
    toTarget(frame)
  }
  const answer = (frame: Buffer): void => {
    const correlationId = answerCorrelationId(frame)
    const fate = doomed.get(correlationId)
    if (fate === undefined) {
      toClient(frame)
      return
    }
    doomed.delete(correlationId)
    onAnswerLost()
    if (fate === 'lose-answer') cut()
  }
  return { toTarget: frameSplitter(request), toClient: frameSplitter(answer) }
}
