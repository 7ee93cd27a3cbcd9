import { kafkajsInside } from './kafkajs-version.ts'

interface FetchAnswer {
  readonly responses: readonly {
    readonly topicName: string
    readonly partitions: readonly { readonly errorCode: number }[]
  }[]
}

interface ResponseFile {
  parse(answer: FetchAnswer): Promise<FetchAnswer>
}

type AskBroker = (at: unknown) => Promise<unknown>

const FETCH_VERSIONS = 12
const TOPIC_DENIED = 29
const DENIED = /_AUTHORIZATION_FAILED$/

/**
 * Lets a refusal say what it is about. kafkajs 2.2.4 drops the name of the Kafka topic that may not
 * be fetched, and where a group may not be joined it says that no coordinator was found, as if the
 * brokers were away. Errors are only added to or passed on; what succeeds is left alone.
 */
export function repairRefusals(): void {
  for (let version = 0; version < FETCH_VERSIONS; version += 1) {
    const file = kafkajsInside(
      `kafkajs/src/protocol/requests/fetch/v${version}/response`,
    ) as ResponseFile
    file.parse = namingTopic(file.parse)
  }
  const { prototype } = kafkajsInside('kafkajs/src/cluster/brokerPool') as {
    prototype: { withBroker(ask: AskBroker): Promise<unknown> }
  }
  const { withBroker } = prototype
  prototype.withBroker = async function (ask) {
    const denials: unknown[] = []
    const found = await withBroker.call(this, (at) =>
      ask(at).catch((error) => {
        if (isDenial(error)) denials.push(error)
        throw error
      }),
    )
    if (found === null && denials.length > 0) throw denials[0]
    return found
  }
}

function namingTopic(parse: ResponseFile['parse']): ResponseFile['parse'] {
  return (answer) =>
    parse(answer).catch((error) => {
      const denied = answer.responses.find(({ partitions }) =>
        partitions.some(({ errorCode }) => errorCode === TOPIC_DENIED),
      )
      throw isDenial(error) && denied ? Object.assign(error, { topic: denied.topicName }) : error
    })
}

function isDenial(error: unknown): boolean {
  return error instanceof Error && 'type' in error && DENIED.test(String(error.type))
}
