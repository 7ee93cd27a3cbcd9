import type { Appender } from '@otn/bus'
import { type Codec, cloudEventHeaders } from '@otn/contracts'
import type { PublishAlarms } from '../ports.ts'

const SOURCE = '/otn/ingress'

/** Writes alarms by an appender of their own: webhooks never wait behind them. */
export function publishAlarms({
  appender,
  codec,
}: {
  readonly appender: Pick<Appender, 'append'>
  readonly codec: Codec
}): PublishAlarms {
  return async (events) => {
    const records = events.map((event) => ({
      topic: 'alarm' as const,
      key: event.subject ?? 'webhook',
      value: codec.encode('AlarmEvent', event),
      headers: { ...cloudEventHeaders({ id: event.eventId, source: SOURCE, type: event.type }) },
    }))
    await appender.append(records)
  }
}
