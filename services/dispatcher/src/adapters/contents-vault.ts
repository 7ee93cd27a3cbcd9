import type { Notify } from '@otn/contracts'
import type { Vault } from '@otn/vault'
import { documentId } from '../domain/command.ts'
import type { Contents } from '../ports.ts'

/** The content of commands, sealed for whom it is about. */
export function createContents(vault: Vault): Contents {
  return {
    seal: (notify, person) => {
      const eventId = documentId(notify.pageId, notify.commandId)
      const context = { record: 'Notify', eventId, owner: person ?? notify.pageId }
      return { ...context, ...vault.seal({ ...notify }, context) }
    },
    open: ({ record, eventId, owner, keyId, sealed }) =>
      // What was sealed was a command: by `seal` above, or by the fact that restates it.
      vault.open({ keyId, sealed }, { record, eventId, owner }) as unknown as Notify,
  }
}
