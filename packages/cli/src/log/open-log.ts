import { readFileSync } from 'node:fs'
import {
  busOptions,
  createBus,
  type LogSettings,
  type OpenedLog,
  registryOf,
  silentLog,
} from '@otn/bus'
import { createCodec, findSchemaIds } from '@otn/contracts'
import { appError } from '@otn/kernel'

const CLIENT_ID = 'otn-cli'

/**
 * Opens the log for a person at a terminal: unlike a service it does not insist on how Kafka
 * topics are set, so that a wrong one can still be looked into.
 * @throws OTN_CONFIG_INVALID where schemas are not published; OTN_REGISTRY_UNREACHABLE
 */
export async function openLog(settings: LogSettings): Promise<OpenedLog> {
  const { schemaIdsFile, topicPrefix } = settings
  const registry = registryOf(settings)
  const found = await findSchemaIds({
    ...(schemaIdsFile === null ? {} : readIdsFile(schemaIdsFile)),
    ...(registry === undefined ? {} : { registry }),
    topicPrefix: topicPrefix ?? '',
  })
  if ('faults' in found) {
    const message = ['the schemas are not published as this build needs them', ...found.faults]
    throw appError('OTN_CONFIG_INVALID', { message: message.join('\n  ') })
  }
  const bus = createBus(busOptions(settings, { clientId: CLIENT_ID, log: silentLog }))
  return { bus, codec: createCodec(found.ids) }
}

/** A file that is not there yet is no fault where a registry can be asked. */
function readIdsFile(path: string): { readonly file?: Readonly<Record<string, number>> } {
  try {
    return { file: JSON.parse(readFileSync(path, 'utf8')) }
  } catch {
    return {}
  }
}
