/** Every check, in the order in which a deployment is set up: each after those it stands on. */
import type { Check } from './check.ts'
import { alarms } from './checks/alarms.ts'
import { appSubscription } from './checks/app-subscription.ts'
import { dispatcherLag } from './checks/dispatcher-lag.ts'
import { doubts } from './checks/doubts.ts'
import { graph, graphClock } from './checks/graph.ts'
import { kafka, kafkaTopicsAsWanted } from './checks/kafka.ts'
import { parked, quarantined } from './checks/kept-messages.ts'
import { ledgerLag } from './checks/ledger-lag.ts'
import { mongodb, mongodbClock } from './checks/mongodb.ts'
import { nodeVersion } from './checks/node-version.ts'
import { pageStanding } from './checks/page-standing.ts'
import { masterKey, pages } from './checks/pages.ts'
import { pepper } from './checks/pepper.ts'
import { registry, schemas } from './checks/registry.ts'
import { safeSettings } from './checks/safe-settings.ts'
import { dispatcher, ingress, ledger } from './checks/services.ts'
import { stackFile } from './checks/stack-file.ts'
import { webhookHealth } from './checks/webhook-health.ts'

export const checks: readonly Check[] = [
  ...[nodeVersion, stackFile, safeSettings],
  ...[kafka, kafkaTopicsAsWanted, registry, schemas],
  ...[mongodb, mongodbClock, pepper, masterKey, pages],
  ...[ingress, ledger, dispatcher],
  ...[ledgerLag, dispatcherLag, webhookHealth],
  ...[graph, graphClock, appSubscription, pageStanding],
  ...[quarantined, parked, doubts, alarms],
]
