import { type Appender, appendOutcomes } from '@otn/bus'
import { type Codec, cloudEventHeaders } from '@otn/contracts'
import type { Log } from '../ports.ts'

const SOURCE = '/otn/page-registry'

export function createLog({
  appender,
  codec,
}: {
  readonly appender: Pick<Appender, 'append'>
  readonly codec: Codec
}): Log {
  const headersOf = ({
    eventId: id,
    type,
  }: {
    readonly eventId: string
    readonly type: string
  }) => ({
    ...cloudEventHeaders({ id, source: SOURCE, type }),
  })
  return {
    publishPage: async (event) => {
      const value = codec.encode('PageEvent', event)
      const record = { topic: 'page', key: event.pageId, value, headers: headersOf(event) } as const
      await appender.append([record])
    },
    publishAlarms: async (events) => {
      const records = events.map((event) => ({
        topic: 'alarm' as const,
        key: event.pageId ?? '',
        value: codec.encode('AlarmEvent', event),
        headers: headersOf(event),
      }))
      await appender.append(records)
    },
    mayHold: (error) => appendOutcomes(error).some(({ outcome }) => outcome !== 'not-sent'),
  }
}
