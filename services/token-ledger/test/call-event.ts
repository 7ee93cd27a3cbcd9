import { commandId, eventId, pageId } from '@otn/kernel'
import type { CallEvent } from '../src/domain/standing.ts'

type Told = Partial<
  Pick<CallEvent, 'attempt' | 'route' | 'tokenReleased' | 'graphCode' | 'graphSubcode' | 'at'>
> & { readonly command?: string }

/** A fact about a call by token, attempt 1 of command `c1` unless told otherwise. */
export function callEvent(type: CallEvent['type'], { command = 'c1', ...told }: Told): CallEvent {
  const attempt = told.attempt ?? 1
  return {
    ...{ pageId: pageId('1000'), commandId: commandId(command), commandDigest: 'd', at: 1 },
    ...{ eventId: eventId(`${type}/${command}/${attempt}`), attempt, route: 'TOKEN' },
    ...{ certainty: 'CONFIRMED', reason: 'graph-refused', dueAt: 2 },
    ...{ keyId: 'k1', sealed: Buffer.from('x') },
    ...told,
    type,
  } as CallEvent
}
