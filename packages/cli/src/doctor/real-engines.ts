/** The engines as they are. */
import { busOptions, createBus, type LogSettings, registryOf, silentLog } from '@otn/bus'
import { createSetUpClient } from '@otn/graph-api'
import { planTopics } from '../log/apply-topics.ts'
import { checkSchemas } from '../log/publish-schemas.ts'
import type { EnginePorts } from './engine-ports.ts'
import { askMongodb } from './readers/ask-mongodb.ts'

const CLIENT_ID = 'otn-cli'
/** Registries count from one; whether there is such a schema is of no importance. */
const ANY_ID = 1

export const realEngines: EnginePorts = {
  nodeVersion: process.version,
  openBus: (settings) => createBus(busOptions(settings, { clientId: CLIENT_ID, log: silentLog })),
  planTopics,
  askRegistry,
  checkSchemas,
  askMongodb,
  setUpClient: createSetUpClient,
}

async function askRegistry(settings: LogSettings): Promise<void> {
  await registryOf(settings)?.schemaById(ANY_ID)
}
