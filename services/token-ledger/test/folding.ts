/** The subscription table of the service, and telemetry that tells nobody. */
import { createLog, createMetrics } from '@otn/runtime'
import { onEngagementEvent } from '../src/handlers/on-engagement-event.ts'
import { onNotificationEvent } from '../src/handlers/on-notification-event.ts'
import { onOptInReceived } from '../src/handlers/on-opt-in-received.ts'
import { onOptInRequestEvent } from '../src/handlers/on-optin-request-event.ts'
import { onPageEvent } from '../src/handlers/on-page-event.ts'
import { onTokenEvent } from '../src/handlers/on-token-event.ts'
import type { EventHandlers } from '../src/projection/read-records.ts'
import { createTelemetry } from '../src/telemetry.ts'
import { accountOf } from './engagement-facts.ts'
import { CHECK } from './facts.ts'

export const eventHandlers: EventHandlers = {
  page: onPageEvent(CHECK),
  engagement: onEngagementEvent(accountOf),
  optIn: onOptInReceived,
  notification: onNotificationEvent,
  optInRequestEvent: onOptInRequestEvent,
  token: onTokenEvent,
}

export const silentTell = createTelemetry({
  log: createLog({ service: 'test', level: 'silent' }),
  metrics: createMetrics('test'),
})
