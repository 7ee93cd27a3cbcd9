import { runService } from '@otn/runtime'
import { checkRegistry, registrySettings } from './config.ts'
import { startPageRegistry } from './service.ts'

/** Above the limits of a stop's own steps: requests, batches being folded, connections. */
const STOP_MS = 20_000

await runService(
  {
    name: 'page-registry',
    settings: registrySettings,
    check: checkRegistry,
    start: startPageRegistry,
    stopMs: STOP_MS,
  },
  process.env,
)
