import { appError } from '@otn/kernel'
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
    open: ({ record, eventId, owner, keyId, sealed }, { pageId, commandId }) => {
      const opened = vault.open({ keyId, sealed }, { record, eventId, owner })
      // What was sealed was a command: by `seal` above, or by the fact that restates it.
      const content = opened as unknown as CommandContent
      // What opens it stands beside it and would move with it: whose it is, it says itself.
      if (content.pageId === pageId && content.commandId === commandId) return content
      const id = documentId(pageId, commandId)
      const message = `what is sealed as the content of command ${id} is that of another one`
      throw appError('OTN_VAULT_SEAL_BROKEN', { message, details: { record, eventId } })
    },
  }
}
