import { join } from 'node:path'
import type { Keeper } from '@otn/engines'
import { request } from 'undici'
import type { Ports } from './choose-ports.ts'
import { urlOf, webhookUrlOf } from './service-plans.ts'
import { type ServiceProcess, startService, type Watch } from './service-process.ts'
import { pageKeyOf, type StackSecrets } from './stack-secrets.ts'

const ENTRY = join(import.meta.dirname, '../../../packages/meta-simulator/src/main.ts')

export interface SimulatorProcess {
  readonly process: ServiceProcess
  readonly graphUrl: string
  readonly simulatorUrl: string
}

export interface SimulatedPage {
  readonly pageId: string
  readonly name: string
  readonly accessToken: string
}

export interface SimulatorStart {
  readonly keeper: Keeper
  readonly home: string
  readonly secrets: StackSecrets
  readonly ports: Ports
  readonly watch: Watch
  /** Comes last: it wins over what the stack would say. */
  readonly environment?: Readonly<Record<string, string>> | undefined
}

/** Starts the stand-in for Meta; its world is kept under `home` over restarts. */
export async function startSimulatorProcess(start: SimulatorStart): Promise<SimulatorProcess> {
  const { keeper, home, secrets, ports, watch, environment } = start
  const plan = {
    name: 'simulator',
    entry: ENTRY,
    url: urlOf(ports.control),
    env: {
      SIMULATOR_PORT: String(ports.control),
      SIMULATOR_GRAPH_PORT: String(ports.graph),
      SIMULATOR_JOURNAL_FILE: join(home, 'data', 'simulator.journal'),
      META_APP_ID: secrets.appId,
      META_APP_SECRET: secrets.appSecret,
      META_VERIFY_TOKEN: secrets.verifyToken,
      SIMULATOR_LEDGER_URL: urlOf(ports['token-ledger']),
      SIMULATOR_DISPATCHER_URL: urlOf(ports.dispatcher),
      SIMULATOR_KNOWLEDGE_API_KEY: pageKeyOf(secrets),
      ...environment,
    },
    logFile: join(home, 'logs', 'simulator.log'),
    readyPath: '/health/ready',
  }
  const process = await startService({ keeper, plan, watch })
  return { process, graphUrl: urlOf(ports.graph), simulatorUrl: urlOf(ports.control) }
}

export async function simulatedPages(simulatorUrl: string): Promise<readonly SimulatedPage[]> {
  const { body } = await request(`${simulatorUrl}/_sim/pages`)
  const answer = (await body.json()) as { readonly pages: readonly SimulatedPage[] }
  return answer.pages
}

/** Tells the simulator where webhooks go; it makes the handshake at once. */
export async function registerWebhook(simulatorUrl: string, ingressUrl: string): Promise<void> {
  const { statusCode, body } = await request(`${simulatorUrl}/_sim/webhook`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ callbackUrl: webhookUrlOf(ingressUrl) }),
  })
  const said = await body.text()
  if (statusCode !== 200) throw new Error(`the handshake with the ingress failed: ${said}`)
}
