import { busOptions, type LogSettings, silentLog } from '@otn/bus'
import type { NotifierOptions } from '@otn/client'
import { readSchemaIds } from './schema-ids-file.ts'

const SOURCE = 'otn-cli'

/** The client's options out of the settings that services use. */
export function notifierOptions(settings: LogSettings): NotifierOptions {
  const { schemaRegistryUrl, schemaIdsFile } = settings
  const {
    clientId: _,
    log: __,
    ...kafka
  } = busOptions(settings, {
    ...{ clientId: SOURCE, log: silentLog },
  })
  return {
    kafka,
    ...(schemaRegistryUrl === null ? {} : { schemaRegistryUrl: withLogin(settings) }),
    ...(schemaIdsFile === null ? {} : { schemaIds: readSchemaIds(schemaIdsFile) }),
    source: SOURCE,
  }
}

/** The client takes them in the address alone. */
function withLogin(settings: LogSettings): string {
  const { schemaRegistryUsername: username, schemaRegistryPassword: password } = settings
  const url = new URL(settings.schemaRegistryUrl ?? '')
  if (!username || password === undefined) return settings.schemaRegistryUrl ?? ''
  url.username = encodeURIComponent(username)
  url.password = encodeURIComponent(password.reveal())
  return url.href
}
