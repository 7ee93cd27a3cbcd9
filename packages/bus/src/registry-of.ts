import { createRegistryClient, type RegistryClient } from '@otn/contracts'
import type { LogSettings } from './open-log.ts'

type RegistrySettings = Pick<
  LogSettings,
  'schemaRegistryUrl' | 'schemaRegistryUsername' | 'schemaRegistryPassword'
>

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
