import type { Codec, Decoded, RecordName } from '@otn/contracts'
import { type CommandId, isAppError, type PageId } from '@otn/kernel'
import type { Unusable } from '../log-ports.ts'

export type Read<Name extends RecordName> =
  | Extract<Decoded<Name>, { kind: 'known' | 'unknown-type' }>
  | ({ readonly kind: 'unusable' } & Pick<Unusable, 'reason' | 'detail'> & Named)
  | 'registry-away'

/** The ids that a command of an unknown shape gives itself, usable or not. */
interface Named {
  readonly names?: { readonly pageId: PageId; readonly commandId: CommandId }
}

/** A schema not seen yet is asked for; while the registry is away the record waits. */
export async function decodeOrWait<Name extends RecordName>(
  codec: Codec,
  name: Name,
  value: Buffer | null,
): Promise<Read<Name>> {
  const first = codec.decode(name, value)
  if (first.kind !== 'unknown-schema') return usable(first)
  const { schemaId } = first
  try {
    if (await codec.learn(schemaId)) return usable(codec.decode(name, value))
  } catch (error) {
    if (isAppError(error) && error.retryable) return 'registry-away'
    throw error
  }
  return usable(first)
}

function usable<Name extends RecordName>(decoded: Decoded<Name>): Exclude<Read<Name>, string> {
  switch (decoded.kind) {
    case 'known':
    case 'unknown-type':
      return decoded
    case 'unreadable': {
      const { reason, detail } = decoded
      const named = decoded.reason === 'unknown-field' ? { names: decoded.names } : {}
      return { kind: 'unusable', reason, detail, ...named }
    }
    case 'unknown-schema': {
      const detail = `the registry knows no schema ${decoded.schemaId}`
      return { kind: 'unusable', reason: 'unknown-schema', detail }
    }
  }
}
