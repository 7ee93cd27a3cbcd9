/** Codec and vault of a world: bytes are numbers of values that are kept beside them. */
import type { Codec } from '@otn/contracts'
import { accountId, appError, eventId, type Identity, personId, tokenId } from '@otn/kernel'
import type { SealContext, Vault } from '@otn/vault'

export interface Bytes {
  readonly codec: Codec
  readonly vault: Vault
}

export function createBytes(): Bytes {
  const values: unknown[] = []
  const sealed: { readonly content: object; readonly context: SealContext }[] = []
  const codec = {
    encode: (_record: string, value: unknown) => numbered(values.push(value) - 1),
    decode: (_record: string, bytes: Buffer | null) =>
      bytes?.length === NUMBER_BYTES
        ? { kind: 'known', value: values[bytes.readUInt32LE(0)] }
        : { kind: 'unreadable', reason: 'malformed', detail: 'no number of a value' },
    learn: async () => false,
  } as unknown as Codec
  const vault: Vault = {
    seal: (content, context) => {
      const number = sealed.push({ content, context }) - 1
      return { keyId: 'k1', sealed: numbered(number) }
    },
    open: (value, { record, eventId: id, owner }) => {
      const found = sealed[value.sealed.readUInt32LE(0)]
      const { context } = found ?? {}
      if (
        found &&
        context?.record === record &&
        context.eventId === id &&
        context.owner === owner
      ) {
        return found.content as Readonly<Record<string, unknown>>
      }
      throw appError('OTN_VAULT_SEAL_BROKEN', { message: 'sealed elsewhere' })
    },
  }
  return { codec, vault }
}

const NUMBER_BYTES = 4

function numbered(number: number): Buffer {
  const bytes = Buffer.allocUnsafe(NUMBER_BYTES)
  bytes.writeUInt32LE(number)
  return bytes
}

/** Ids that can be read: what is hashed outside stands here as it is. */
export const identity: Identity = {
  person: (page, psid) => personId(`person-${page}-${psid}`),
  token: (_page, raw) => tokenId(raw.padStart(32, '0')),
  account: (page, user) => accountId(`account-${page}-${user}`),
  event: (type, page, parts) => eventId(`${type}/${page}/${parts.join('/')}`),
  digest: (text) => text,
}

/** Eleven characters that differ with the text (FNV-1a). */
export function shortMac(text: string): string {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  return `mac${(hash >>> 0).toString(16).padStart(8, '0')}`
}
