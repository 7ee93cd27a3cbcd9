import { randomUUID } from 'node:crypto'
import type { SealContext, Vault } from '@otn/vault'
import type { VerifiedWebhook } from '../ports.ts'
import type { SpoolEntry } from './spool-frame.ts'

/** All of the spool is of one owner: nobody knows the persons of a body before it is translated. */
const OWNER = 'spool'

/** Bodies on a disk of ours stand there as sealed as on Kafka, tied to app and time of receipt. */
export interface SpoolSeal {
  seal(webhook: VerifiedWebhook): SpoolEntry
  /** @throws OTN_VAULT_KEY_UNKNOWN, OTN_VAULT_SEAL_BROKEN */
  open(entry: SpoolEntry): VerifiedWebhook
}

export function createSpoolSeal(vault: Vault): SpoolSeal {
  return {
    seal: ({ body, signature, appId, receivedAtMs }) => {
      const head = { id: randomUUID(), receivedAtMs, appId }
      const content = { body: body.toString('base64'), signature }
      return { ...head, ...vault.seal(content, contextOf(head)) }
    },
    open: (entry) => {
      const { appId, receivedAtMs } = entry
      const { body, signature } = vault.open(entry, contextOf(entry))
      const bytes = Buffer.from(String(body), 'base64')
      return { body: bytes, signature: String(signature), appId, receivedAtMs }
    },
  }
}

type Bound = Pick<SpoolEntry, 'id' | 'appId' | 'receivedAtMs'>

function contextOf({ id, appId, receivedAtMs }: Bound): SealContext {
  return { record: 'SpooledWebhook', eventId: `${id}:${appId}:${receivedAtMs}`, owner: OWNER }
}
