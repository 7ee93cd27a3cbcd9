import { runService } from '@otn/runtime'
import { checkLedger, ledgerSettings } from './config.ts'
import { startTokenLedger } from './service.ts'

/** Above the limits of a stop's own steps: requests, batches being folded, connections. */
const STOP_MS = 20_000

await runService(
  {
    name: 'token-ledger',
    settings: ledgerSettings,
    check: checkLedger,
    start: startTokenLedger,
    stopMs: STOP_MS,
  },
  process.env,
)
