import { runService } from '@otn/runtime'
import { checkDispatcher, dispatcherSettings } from './config.ts'
import { startDispatcher } from './service.ts'

/** Above what a stop waits for: a call under way, its outcome, connections. */
const STOP_MS = 60_000

await runService(
  {
    name: 'dispatcher',
    settings: dispatcherSettings,
    check: checkDispatcher,
    start: startDispatcher,
    stopMs: STOP_MS,
  },
  process.env,
)
