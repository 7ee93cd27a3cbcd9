import { kafkajsInside } from './kafkajs-version.ts'

interface MetadataAnswer {
  readonly topicMetadata: readonly {
    readonly topicErrorCode: number
    readonly partitionMetadata: readonly unknown[]
  }[]
}

interface ResponseFile {
  parse(answer: MetadataAnswer): Promise<MetadataAnswer>
}

const VERSIONS = ['v0', 'v1', 'v2', 'v3', 'v4', 'v5', 'v6']

/**
 * Lets one partition without a leader be a matter of that partition. kafkajs 2.2.4 throws away the
 * whole answer about Kafka topics when any of their partitions has no leader, so that no new
 * producer, consumer or admin can reach the other eleven. Errors of a Kafka topic itself are still
 * thrown; a partition without a leader is listed with leader -1, and only who wants it fails.
 */
export function repairLeaderlessMetadata(): void {
  const { failure, createErrorFromCode } = kafkajsInside('kafkajs/src/protocol/error') as {
    failure(code: number): boolean
    createErrorFromCode(code: number): Error
  }
  for (const version of VERSIONS) {
    const file = kafkajsInside(
      `kafkajs/src/protocol/requests/metadata/${version}/response`,
    ) as ResponseFile
    file.parse = async (answer) => {
      const broken = answer.topicMetadata.find(({ topicErrorCode }) => failure(topicErrorCode))
      if (broken !== undefined) throw createErrorFromCode(broken.topicErrorCode)
      return answer
    }
  }
}
