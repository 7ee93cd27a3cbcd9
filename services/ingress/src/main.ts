import { runService } from '@otn/runtime'
import { checkIngress, ingressSettings } from './config.ts'
import { startIngress } from './service.ts'

/** Above the limits of a stop's own steps: open requests, then the funnel. */
const STOP_MS = 15_000

await runService(
  {
    name: 'ingress',
    settings: ingressSettings,
    check: checkIngress,
    start: startIngress,
    stopMs: STOP_MS,
  },
  process.env,
)
