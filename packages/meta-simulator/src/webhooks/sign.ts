import { createHmac, createSecretKey, type KeyObject } from 'node:crypto'

/** The two signature headers that Meta still sends with every webhook. */
export interface SignatureHeaders {
  readonly 'x-hub-signature-256': string
  readonly 'x-hub-signature': string
}

/** Signs a body as it goes out: the key is the app secret, the message the exact bytes. */
export function sign(body: Buffer, appSecret: string): SignatureHeaders {
  const key = keyOf(appSecret)
  return {
    'x-hub-signature-256': `sha256=${createHmac('sha256', key).update(body).digest('hex')}`,
    'x-hub-signature': `sha1=${createHmac('sha1', key).update(body).digest('hex')}`,
  }
}

/** A key made once costs a signature a third of one made from text each time. */
let lastKey: { readonly secret: string; readonly key: KeyObject } | null = null

function keyOf(secret: string): KeyObject {
  if (lastKey?.secret !== secret) {
    lastKey = { secret, key: createSecretKey(Buffer.from(secret, 'utf8')) }
  }
  return lastKey.key
}

/** What `appsecret_proof` must be for an access token. */
export function appSecretProof(accessToken: string, appSecret: string): string {
  return createHmac('sha256', appSecret).update(accessToken).digest('hex')
}
