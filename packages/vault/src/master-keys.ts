import { createHmac, createSecretKey, type KeyObject } from 'node:crypto'
import { appError } from '@otn/kernel'

const KEY_BYTES = 32

/** The roots of sealing: the first seals, all of them open. */
export interface MasterKeys {
  readonly sealingKeyId: string
  /** Key of one person or page under one root. @throws OTN_VAULT_KEY_UNKNOWN */
  derive(keyId: string, owner: string): KeyObject
}

/**
 * @param text `id:base64 of 32 bytes`, several separated by commas, the newest first
 * @returns the keys, or what is wrong with the text (never the text itself)
 */
export function parseMasterKeys(
  text: string,
): { readonly keys: MasterKeys } | { readonly fault: string } {
  const roots = new Map<string, KeyObject>()
  for (const [index, part] of text.split(',').entries()) {
    const [id = '', encoded = ''] = part.trim().split(/:(.*)/s)
    const bytes = Buffer.from(encoded, 'base64')
    if (!/^[A-Za-z0-9._-]{1,32}$/.test(id))
      return { fault: `key ${index + 1} has no id before ":"` }
    if (bytes.length !== KEY_BYTES) {
      return { fault: `key ${index + 1} holds ${bytes.length} bytes, 32 wanted (base64)` }
    }
    if (roots.has(id)) return { fault: `key ${index + 1} repeats the id of another` }
    roots.set(id, createSecretKey(bytes))
  }
  const [sealingKeyId] = roots.keys()
  if (sealingKeyId === undefined) return { fault: 'no key given' }
  return { keys: { sealingKeyId, derive: (keyId, owner) => deriveFrom(roots, keyId, owner) } }
}

function deriveFrom(
  roots: ReadonlyMap<string, KeyObject>,
  keyId: string,
  owner: string,
): KeyObject {
  const root = roots.get(keyId)
  if (!root) {
    const message = `no master key has the id ${keyId}; OTN_MASTER_KEY must keep every key in use`
    throw appError('OTN_VAULT_KEY_UNKNOWN', { message, details: { keyId } })
  }
  return createSecretKey(createHmac('sha256', root).update(owner, 'utf8').digest())
}
