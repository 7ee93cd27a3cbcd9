import { createHmac } from 'node:crypto'

import { createSigner, type Signer } from './signer.ts'

/** The two signature headers that Meta still sends with every webhook. */
export interface SignatureHeaders {
  readonly 'x-hub-signature-256': string
  readonly 'x-hub-signature': string
}

/** Signs a body as it goes out: the key is the app secret, the message the exact bytes. */
export function sign(body: Buffer, appSecret: string): SignatureHeaders {
  const { sha256, sha1 } = signersOf(appSecret)
  return {
    'x-hub-signature-256': `sha256=${sha256(body)}`,
    'x-hub-signature': `sha1=${sha1(body)}`,
  }
}

interface Signers {
  readonly secret: string
  readonly sha256: Signer
  readonly sha1: Signer
}

/** Those of the secret that signed last: it hardly ever changes. */
let last: Signers | null = null

function signersOf(secret: string): Signers {
  if (last?.secret !== secret) {
    const [sha256, sha1] = [createSigner('sha256', secret), createSigner('sha1', secret)]
    last = { secret, sha256, sha1 }
  }
  return last
}

/** What `appsecret_proof` must be for an access token. */
export function appSecretProof(accessToken: string, appSecret: string): string {
  return createHmac('sha256', appSecret).update(accessToken).digest('hex')
}
