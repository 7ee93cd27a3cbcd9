import { buildThreadControl, type GraphClient, type GraphEdge, isDone } from '@otn/graph-api'
import type { Secret } from '@otn/kernel'
import type { Vault } from '@otn/vault'
import type { ThreadSettings } from '../domain/thread.ts'
import type { ThreadOf, Threads } from '../ports.ts'
import { createPageTokens } from './page-tokens-vault.ts'

export interface ThreadsParts {
  readonly client: GraphClient
  readonly vault: Vault
  /** Version of pages that name none. */
  readonly version: string
  readonly appSecret: Secret
  readonly settings: ThreadSettings
}

/** Told to the other app; its people may read it. */
const METADATA = 'one-time notification'

/** Thread control at the Graph API. What fails is asked for again with the next look. */
export function createThreads({
  client,
  vault,
  version,
  appSecret,
  settings,
}: ThreadsParts): Threads {
  const pageToken = createPageTokens(vault)
  const call = async (edge: GraphEdge, { connection, psid }: ThreadOf): Promise<boolean> => {
    const seen = await client.send({
      version: connection.graphVersion ?? version,
      pageAccessToken: pageToken(connection),
      ...{ edge, appSecret, masks: [psid] },
      body: buildThreadControl({ psid, metadata: METADATA }),
    })
    return isDone(seen)
  }
  return {
    settings,
    request: (thread) => call('request_thread_control', thread),
    release: (thread) => call('release_thread_control', thread),
  }
}
