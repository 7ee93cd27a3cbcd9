/** The page events of the log: read to their end, and added to. */
import type { Appender, OpenedLog } from '@otn/bus'
import { type Codec, cloudEventHeaders, type PageEvent } from '@otn/contracts'
import { readLog } from '../log/read-log.ts'

const SOURCE = '/otn/cli'

/** Every page event that stands on the log now, in log order within each page. */
export async function readPageEvents({ bus, codec }: OpenedLog): Promise<readonly PageEvent[]> {
  const events: PageEvent[] = []
  await readLog(
    { bus, codec },
    {
      topics: ['page'],
      until: 'end',
      onRecord: ({ decoded }) => {
        if (decoded.kind === 'known') events.push(decoded.value)
      },
    },
  )
  return events
}

interface AppendParts {
  readonly appender: Appender
  readonly codec: Codec
}

/** Resolves when all of them are acknowledged. @throws OTN_BUS_* */
export async function appendPageEvents(
  events: readonly PageEvent[],
  { appender, codec }: AppendParts,
): Promise<void> {
  if (events.length === 0) return
  const records = events.map((event) => ({
    topic: 'page' as const,
    key: event.pageId,
    value: codec.encode('PageEvent', event),
    headers: { ...cloudEventHeaders({ id: event.eventId, source: SOURCE, type: event.type }) },
  }))
  await appender.append(records)
}
