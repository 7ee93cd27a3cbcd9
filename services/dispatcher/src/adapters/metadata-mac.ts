import { createHmac, type KeyObject } from 'node:crypto'
import { isOurMetadata, type Mac, readMetadata } from '@otn/graph-api'
import type { EchoReader } from '../ports.ts'

/** The MAC of what our messages carry, under the pepper, which never rotates. */
export function metadataMac(pepper: KeyObject): Mac {
  return (text) => createHmac('sha256', pepper).update(`metadata:${text}`).digest('base64url')
}

/** Reads echoes: ours are those of our app, with the page, the person and the MAC that we wrote. */
export function createEchoReader({
  appId: ours,
  mac,
}: {
  readonly appId: string
  readonly mac: Mac
}): EchoReader {
  return {
    read: ({ appId, metadata: text, pageId, person }) => {
      if (appId !== ours || !text) return null
      const metadata = readMetadata(text)
      if (metadata?.pageId !== pageId || !isOurMetadata(metadata, person, mac)) return null
      return { commandId: metadata.commandId, attempt: metadata.attempt }
    },
  }
}
