import { createSetUpClient, type SetUpClient } from '@otn/graph-api'
import type { Secret } from '@otn/kernel'
import type { MetaUntil } from '../ports.ts'

/** One client for each Graph version that pages name, and for each signal. */
export function createMeta(options: {
  readonly graphBaseUrl: string
  readonly graphVersion: string
  readonly appId: string
  /** The newest one. */
  readonly appSecret: Secret
}): MetaUntil {
  const { graphBaseUrl: baseUrl, graphVersion, appId, appSecret } = options
  return (signal) => {
    const clients = new Map<string, SetUpClient>()
    const until = signal === null ? {} : { signal }
    return (wanted) => {
      const version = wanted ?? graphVersion
      const known = clients.get(version)
      if (known !== undefined) return known
      const client = createSetUpClient({ baseUrl, version, appId, appSecret, ...until })
      clients.set(version, client)
      return client
    }
  }
}
