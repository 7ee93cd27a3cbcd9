import type { InboxPorts } from '@otn/dispatcher/decisions'
import type { Actor } from './actor.ts'
import type { Universe } from './universe.ts'

/** Keeps what no retry can help; the words of the record do not matter here. */
export function parkingOf({ kafka }: Universe, actor: Actor): InboxPorts['parking'] {
  return {
    park: (messages) => {
      const records = messages.map(({ source }) => ({
        topic: 'parked' as const,
        key: `${source.topic}/${source.partition}/${source.offset}`,
        value: source.value,
        headers: {},
      }))
      return kafka.append(actor, records, { about: 'parked' })
    },
  }
}
