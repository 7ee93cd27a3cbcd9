/** The stand-in for Meta of one cell, in this process: it is the judge, nobody hurts it. */
import { type Simulator, startSimulator } from '@otn/meta-simulator'

/** Repeats as Meta's, in seconds instead of minutes, and without an end. */
const IMPATIENT = {
  immediateRetries: 3,
  immediateDelayMs: 300,
  laterDelayMs: 1_000,
  laterFactor: 1,
  laterDelayMsMax: 1_000,
} as const

export interface MetaOptions {
  readonly seed: string
  readonly secrets: {
    readonly appId: string
    readonly appSecret: string
    readonly verifyToken: string
  }
}

export function startMeta({ seed, secrets }: MetaOptions): Promise<Simulator> {
  const { appId, appSecret, verifyToken } = secrets
  return startSimulator({
    ...{ seed, appId, appSecret, verifyToken },
    webhooks: { retry: IMPATIENT, retryTime: 'machine', answerTimeoutMs: 5_000 },
    switches: { echo: true, echoOnTokenSend: true },
  })
}
