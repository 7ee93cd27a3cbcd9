import { createRegistryClient, type RegistryClient } from '@otn/contracts'
import type { Secret } from '@otn/kernel'

interface RegistrySettings {
  readonly schemaRegistryUrl: string | null
  readonly schemaRegistryUsername?: string | null
  readonly schemaRegistryPassword?: Secret
}

/**
 * The registry that the settings name; undefined where they name none.
 * @param timeoutMs limit of one call
 */
export function registryOf(
  settings: RegistrySettings,
  timeoutMs?: number,
): RegistryClient | undefined {
  const { schemaRegistryUrl: url, schemaRegistryUsername: username = null } = settings
  const { schemaRegistryPassword: password } = settings
  if (url === null) return undefined
  const login = username === null || password === undefined ? null : { username, password }
  return createRegistryClient(url, timeoutMs, login)
}
