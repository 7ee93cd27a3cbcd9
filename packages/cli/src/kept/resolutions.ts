/** The facts that an entry was redriven or dropped. Pure. */
import type { OutRecord } from '@otn/bus'
import {
  type Codec,
  cloudEventHeaders,
  type ParkedMessage,
  type QuarantinedItem,
} from '@otn/contracts'
import type { Identity } from '@otn/kernel'
import type { KeptEntry, KeptIn } from './kept-entry.ts'

export const SOURCE = '/otn/cli'
/** So that an entry can be told from its resolution without a schema. */
const RESOLVES = 'x-resolves'

export interface Resolving {
  readonly keptIn: KeptIn
  readonly identity: Pick<Identity, 'event'>
  readonly codec: Codec
  readonly by: string
  readonly nowMs: number
}

export type Ending =
  | { readonly state: 'redriven'; readonly redrivenAs: string }
  | { readonly state: 'dropped'; readonly dropReason: string }

/** The same entry resolved the same way twice gives a fact of the same id. */
export function resolutionRecord(
  entry: KeptEntry,
  ending: Ending,
  { keptIn, identity, codec, by, nowMs }: Resolving,
): OutRecord {
  const { eventId: resolves, pageId } = entry
  const common = { pageId, at: nowMs, resolves, resolvedBy: by }
  const idOf = (type: string) => identity.event(type, pageId, [resolves])
  const written = (type: string, value: Buffer): OutRecord => ({
    topic: keptIn,
    key: pageId,
    value,
    headers: {
      ...cloudEventHeaders({ id: idOf(type), source: SOURCE, type }),
      [RESOLVES]: resolves,
    },
  })
  if (keptIn === 'quarantine') {
    const value: QuarantinedItem =
      ending.state === 'redriven'
        ? { ...common, type: 'ItemRedriven', eventId: idOf('ItemRedriven'), ...asOf(ending) }
        : { ...common, type: 'ItemDropped', eventId: idOf('ItemDropped'), ...whyOf(ending) }
    return written(value.type, codec.encode('QuarantinedItem', value))
  }
  // Under the id that it named, so that whoever asks for the command finds its end.
  const named = { ...common, commandId: entry.commandId }
  const value: ParkedMessage =
    ending.state === 'redriven'
      ? { ...named, type: 'MessageRedriven', eventId: idOf('MessageRedriven'), ...asOf(ending) }
      : { ...named, type: 'MessageDropped', eventId: idOf('MessageDropped'), ...whyOf(ending) }
  return written(value.type, codec.encode('ParkedMessage', value))
}

function asOf({ redrivenAs }: Extract<Ending, { state: 'redriven' }>) {
  return { redrivenAs }
}

function whyOf({ dropReason }: Extract<Ending, { state: 'dropped' }>) {
  return { dropReason }
}
