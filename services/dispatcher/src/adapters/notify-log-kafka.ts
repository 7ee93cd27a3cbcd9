import type { Appender } from '@otn/bus'
import { type Codec, cloudEventHeaders } from '@otn/contracts'
import { documentId } from '../domain/command.ts'
import type { NotifyLog } from '../inbox-ports.ts'

export interface NotifyLogParts {
  readonly appender: Appender
  readonly codec: Codec
  readonly deadlineMs: number
}

/** Publishes commands that came by HTTP, as any other service would publish them. */
export function createNotifyLog({ appender, codec, deadlineMs }: NotifyLogParts): NotifyLog {
  return {
    publish: async (notify) => {
      const id = documentId(notify.pageId, notify.commandId)
      const source = `/otn/client/${encodeURIComponent(notify.requestedBy ?? 'http')}`
      const headers = { ...cloudEventHeaders({ id, source, type: 'Notify' }) }
      const value = codec.encode('Notify', notify)
      const record = { topic: 'notify', key: id, value, headers } as const
      const [position] = await appender.append([record], { deadlineMs })
      if (!position) throw new Error('an acknowledged record has a position')
      return { partition: position.partition, offset: position.offset }
    },
  }
}
