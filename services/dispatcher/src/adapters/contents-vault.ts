import type { Vault } from '@otn/vault'
import { documentId } from '../domain/command.ts'
import type { CommandContent } from '../domain/command-content.ts'
import type { Contents } from '../ports.ts'

/** The content of commands, sealed for whom it is about. */
export function createContents(vault: Vault): Contents {
  return {
    seal: (content, person) => {
      const { pageId, commandId, asks } = content
      const eventId = documentId(pageId, commandId)
      const record = asks ? 'RequestOptIn' : 'Notify'
      const context = { record, eventId, owner: person ?? pageId }
      return { ...context, ...vault.seal({ ...content }, context) }
    },
    open: ({ record, eventId, owner, keyId, sealed }) =>
      // What was sealed was a command: by `seal` above, or by the fact that restates it.
      vault.open({ keyId, sealed }, { record, eventId, owner }) as unknown as CommandContent,
  }
}
