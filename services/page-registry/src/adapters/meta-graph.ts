import { createSetUpClient, type SetUpClient } from '@otn/graph-api'
import type { Secret } from '@otn/kernel'
import type { MetaOf } from '../ports.ts'

/** One client for each Graph version that pages name. */
export function createMeta(options: {
  readonly graphBaseUrl: string
  readonly graphVersion: string
  readonly appId: string
  /** The newest one. */
  readonly appSecret: Secret
}): MetaOf {
  const { graphBaseUrl: baseUrl, graphVersion, appId, appSecret } = options
  const clients = new Map<string, SetUpClient>()
  return (wanted) => {
    const version = wanted ?? graphVersion
    const known = clients.get(version)
    if (known !== undefined) return known
    const client = createSetUpClient({ baseUrl, version, appId, appSecret })
    clients.set(version, client)
    return client
  }
}
