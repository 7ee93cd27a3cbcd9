import { type Draw, strikes, type WebhookWeather } from '../domain/webhook-weather.ts'
import { type SignatureHeaders, sign } from './sign.ts'

/** The keys of an app: the one that signs, and the one before it. */
export interface AppSecrets {
  readonly appSecret: string
  readonly formerAppSecret: string
}

export interface PostToSign {
  readonly body: Buffer
  readonly weather: WebhookWeather
  /** Draws by the number of the post, so that a repeat may be signed otherwise. */
  readonly draw: Draw
}

/** The signature headers of one post, or none where the weather says so. */
export function signPost(
  { body, weather, draw }: PostToSign,
  secrets: AppSecrets,
): Partial<SignatureHeaders> | null {
  const isWrong = strikes(weather.wrongSignatureShare, 'signature', draw)
  const kind = isWrong ? 'wrong' : weather.signature
  if (kind === 'none') return null
  const signed = sign(body, keyOf(kind, secrets))
  const { 'x-hub-signature-256': sha256, 'x-hub-signature': sha1 } = signed
  switch (weather.signatureHeaders) {
    case 'both':
      return signed
    case 'sha256':
      return { 'x-hub-signature-256': sha256 }
    case 'sha1':
      return { 'x-hub-signature': sha1 }
  }
}

/** The key that a signature of this kind is made with. */
export function keyOf(
  kind: 'valid' | 'wrong' | 'former-secret',
  { appSecret, formerAppSecret }: AppSecrets,
): string {
  switch (kind) {
    case 'valid':
      return appSecret
    case 'former-secret':
      return formerAppSecret
    case 'wrong':
      return `not ${appSecret}`
  }
}
