import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { appError } from '@otn/kernel'
import type { MasterKeys } from './master-keys.ts'

const NONCE_BYTES = 12
const TAG_BYTES = 16

/** Where a sealed value belongs: it opens there and nowhere else. */
export interface SealContext {
  /** Record name, for example `OptInReceived`. */
  readonly record: string
  readonly eventId: string
  /** Person pseudonym or page id whose key seals it. */
  readonly owner: string
}

export interface Sealed {
  readonly keyId: string
  /** Nonce (12 bytes), ciphertext, tag (16 bytes). */
  readonly sealed: Buffer
}

/** Seals what identifies or empowers a person; the only way into and out of `sealed` fields. */
export interface Vault {
  seal(content: Readonly<Record<string, unknown>>, context: SealContext): Sealed
  /** @throws OTN_VAULT_KEY_UNKNOWN, OTN_VAULT_SEAL_BROKEN (also when moved from another record) */
  open(value: Sealed, context: SealContext): Readonly<Record<string, unknown>>
}

/** AES-256-GCM with a random nonce, associated data = record name and event id (design 3). */
export function createVault(keys: MasterKeys): Vault {
  return {
    seal: (content, context) => {
      const keyId = keys.sealingKeyId
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', keys.derive(keyId, context.owner), nonce)
      cipher.setAAD(associatedData(context))
      const body = cipher.update(JSON.stringify(content), 'utf8')
      return { keyId, sealed: Buffer.concat([nonce, body, cipher.final(), cipher.getAuthTag()]) }
    },
    open: ({ keyId, sealed }, context) => {
      const key = keys.derive(keyId, context.owner)
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES), {
          authTagLength: TAG_BYTES,
        })
        decipher.setAAD(associatedData(context))
        decipher.setAuthTag(sealed.subarray(-TAG_BYTES))
        const body = decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES))
        return JSON.parse(Buffer.concat([body, decipher.final()]).toString('utf8'))
      } catch (cause) {
        const message = `the sealed part of ${context.record} ${context.eventId} does not open`
        throw appError('OTN_VAULT_SEAL_BROKEN', { message, cause, details: { ...context } })
      }
    },
  }
}

function associatedData({ record, eventId }: SealContext): Buffer {
  return Buffer.from(`${record}\n${eventId}`, 'utf8')
}
