import { type ChosenPort, freePort } from '@otn/engines'
import type { StackSettings } from './stack-settings.ts'

/** A loopback port for each part that listens. */
export interface Ports {
  readonly ingress: number
  readonly 'token-ledger': number
  readonly dispatcher: number
  readonly 'page-registry': number
  readonly control: number
  readonly graph: number
}

/** The ports that settings ask for, with the setting's name for the error when one is taken. */
export function chosenPorts(settings: StackSettings): readonly ChosenPort[] {
  const rows = [
    { setting: 'INGRESS_PORT', port: settings.ingressPort },
    { setting: 'LEDGER_PORT', port: settings.ledgerPort },
    { setting: 'DISPATCHER_PORT', port: settings.dispatcherPort },
    { setting: 'REGISTRY_PORT', port: settings.pagesPort },
    { setting: 'SIMULATOR_PORT', port: settings.simulatorPort },
    { setting: 'KAFKA_PORT', port: settings.kafkaPort },
    { setting: 'MONGODB_PORT', port: settings.mongodbPort },
    { setting: 'SCHEMA_REGISTRY_PORT', port: settings.registryPort },
  ]
  return rows.filter(({ port }) => port !== 0)
}

/** Every port of the stack: as set, else a free one. */
export async function choosePorts(settings: StackSettings): Promise<Ports> {
  const chosen = async (port: number): Promise<number> => (port === 0 ? freePort() : port)
  return {
    ingress: await chosen(settings.ingressPort),
    'token-ledger': await chosen(settings.ledgerPort),
    dispatcher: await chosen(settings.dispatcherPort),
    'page-registry': await chosen(settings.pagesPort),
    control: await chosen(settings.simulatorPort),
    graph: await freePort(),
  }
}
