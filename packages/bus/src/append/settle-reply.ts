/** Where a sent record was addressed to. */
export interface Addressed {
  readonly topicName: string
  readonly partition: number
}

/** What a reply says about one partition. */
export interface ReplyPart extends Addressed {
  readonly errorCode: number
  /** Offset of the first record of the send in this partition. */
  readonly baseOffset?: string | undefined
}

export interface Settled<Sent> {
  readonly acknowledged: readonly { readonly record: Sent; readonly offset: bigint }[]
  readonly unsettled: readonly Sent[]
}

/**
 * Reads a reply for the records of its own send. A record is acknowledged only when the reply
 * names its Kafka topic and partition with error 0 and an offset: kafkajs 2.2.4 resolves a send
 * whose reply misses the partitions of a broker that went away (design.md 5). The n-th record of a
 * partition stands at the base offset + n, since one send writes one batch per partition.
 */
export function settleReply<Sent extends Addressed>(
  sent: readonly Sent[],
  reply: readonly ReplyPart[],
): Settled<Sent> {
  const next = nextOffsets(reply)
  const acknowledged: { record: Sent; offset: bigint }[] = []
  const unsettled: Sent[] = []
  for (const record of sent) {
    const offset = next.get(addressOf(record))
    if (offset === undefined) {
      unsettled.push(record)
    } else {
      acknowledged.push({ record, offset })
      next.set(addressOf(record), offset + 1n)
    }
  }
  return { acknowledged, unsettled }
}

/** By partition. One that is named twice was written twice: the first position is as true. */
function nextOffsets(reply: readonly ReplyPart[]): Map<string, bigint> {
  const offsets = new Map<string, bigint>()
  for (const part of reply) {
    const offset = BigInt(part.baseOffset ?? '-1')
    const address = addressOf(part)
    if (part.errorCode === 0 && offset >= 0n && !offsets.has(address)) offsets.set(address, offset)
  }
  return offsets
}

function addressOf({ topicName, partition }: Addressed): string {
  return `${topicName}/${partition}`
}
