import { inspect } from 'node:util'
import { Secret } from '@otn/kernel'
import {
  appSecretProof,
  createGraphClient,
  type GraphClient,
  type GraphClientOptions,
  type GraphObservation,
  type GraphSend,
} from '../src/index.ts'

export const PAGE_TOKEN = 'PAGE_TOKEN_EXAMPLE'
export const ONE_TIME_TOKEN = 'one-time/token-4400000000000001'
export const BODY = `{"recipient":{"one_time_notif_token":"${ONE_TIME_TOKEN}"}}`

const secrets = {
  pageAccessToken: new Secret(PAGE_TOKEN),
  appSecret: new Secret('test-app-secret'),
}
export const PROOF = appSecretProof(secrets)

export interface TestClient extends AsyncDisposable {
  /** Sends, and fails where what was seen holds a secret. */
  send(call?: Partial<GraphSend>): Promise<GraphObservation>
  readonly client: GraphClient
}

export function clientOf(baseUrl: string, options: Partial<GraphClientOptions> = {}): TestClient {
  const client = createGraphClient({ baseUrl, connections: 4, ...options })
  return {
    client,
    send: async (call) => {
      const seen = await client.send({
        version: 'v21.0',
        ...secrets,
        body: BODY,
        masks: [new Secret(ONE_TIME_TOKEN)],
        ...call,
      })
      refuseSecrets(seen)
      return seen
    },
    [Symbol.asyncDispose]: () => client.destroy(),
  }
}

/** Fails where a secret of the call can be read in a value. */
export function refuseSecrets(value: unknown): void {
  const printed = `${JSON.stringify(value)} ${inspect(value, { depth: null, showHidden: true })}`
  for (const secret of [PAGE_TOKEN, PROOF, ONE_TIME_TOKEN, 'test-app-secret']) {
    if (printed.includes(secret)) throw new Error('a secret can be read in what was seen')
  }
}
