/** Webhooks that nobody signed, by changing one that somebody did; the real verifier is asked. */
import { createHmac } from 'node:crypto'
import { createAuthenticator, readSignature, type SignatureHeaders } from '@otn/ingress/decisions'
import { Secret } from '@otn/kernel'
import { Random } from './simulation/random.ts'

interface Signed {
  readonly body: Buffer
  readonly headers: SignatureHeaders
}

type Forgery = (signed: Signed, random: Random) => Signed

const SECRETS = ['newest-app-secret-0001', 'older-app-secret-00001'] as const
const STRANGER = 'a-secret-of-another-app'
const DIGITS = '0123456789abcdef'

const sign = (algorithm: 'sha256' | 'sha1', body: Buffer, secret: string) =>
  `${algorithm}=${createHmac(algorithm, secret).update(body).digest('hex')}`
const strong = (header: string): SignatureHeaders => ({ 'x-hub-signature-256': header })
const claimOf = ({ headers }: Signed) => headers['x-hub-signature-256'] ?? ''

/** A copy of the bytes with one of them another one. */
function flipped(bytes: Buffer, random: Random): Buffer {
  const copy = Buffer.from(bytes)
  const at = random.below(copy.length)
  copy[at] = (copy[at] ?? 0) ^ (1 << random.below(8))
  return copy
}

const forgeries: readonly [Forgery, ...Forgery[]] = [
  ({ body, headers }, random) => ({ body: flipped(body, random), headers }),
  ({ body, headers }, random) => ({ body: body.subarray(0, random.below(body.length)), headers }),
  ({ body, headers }, random) => {
    const more = Buffer.from([random.below(256)])
    return { body: Buffer.concat(random.chance(0.5) ? [body, more] : [more, body]), headers }
  },
  ({ body, headers }, random) => {
    // Two bytes change places; where they are equal nothing changed, and the count says so.
    const copy = Buffer.from(body)
    const [one, other] = [random.below(copy.length), random.below(copy.length)]
    ;[copy[one], copy[other]] = [copy[other] ?? 0, copy[one] ?? 0]
    return { body: copy, headers }
  },
  (signed, random) => {
    const claim = Buffer.from(claimOf(signed), 'latin1')
    return { ...signed, headers: strong(flipped(claim, random).toString('latin1')) }
  },
  (signed, random) => {
    const hex = Array.from({ length: 64 }, () => DIGITS[random.below(16)]).join('')
    return { ...signed, headers: strong(`sha256=${hex}`) }
  },
  (signed, random) => {
    const claim = claimOf(signed)
    return { ...signed, headers: strong(claim.slice(0, random.below(claim.length))) }
  },
  (signed, random) => {
    const claim = claimOf(signed)
    const spelt = [claim.toUpperCase(), ` ${claim}`, `${claim},${claim}`, claim.slice(7), '']
    return { ...signed, headers: strong(spelt[random.below(spelt.length)] ?? '') }
  },
  ({ body }, random) => ({
    body,
    headers: strong(sign('sha256', flipped(body, random), SECRETS[0])),
  }),
  ({ body }) => ({ body, headers: strong(sign('sha256', body, STRANGER)) }),
  // A right SHA-1 beside a wrong SHA-256, and one that is wrong alone.
  ({ body }, random) => ({
    body,
    headers: {
      ...strong(sign('sha256', flipped(body, random), SECRETS[0])),
      'x-hub-signature': sign('sha1', body, SECRETS[0]),
    },
  }),
  ({ body }, random) => ({
    body: flipped(body, random),
    headers: { 'x-hub-signature': sign('sha1', body, SECRETS[1]) },
  }),
]

export interface ForgedCount {
  /** Pairs that differ from what was signed. */
  readonly tried: number
  readonly accepted: number
  /** Of the pairs they were made of, unchanged. */
  readonly honestRefused: number
}

/** Tries that many forged pairs of body and signature; the same seed tries the same ones. */
export function forgeWebhooks({ pairs, seed }: { pairs: number; seed: number }): ForgedCount {
  const random = new Random(seed)
  const app = { appId: '77', appSecrets: SECRETS.map((it) => new Secret(it)), verifyTokens: [] }
  const { signedBy } = createAuthenticator([app])
  const isTaken = ({ body, headers }: Signed) =>
    signedBy(body, readSignature(headers), random.chance(0.5) ? '77' : null) !== null
  let [tried, accepted, honestRefused] = [0, 0, 0]
  while (tried < pairs) {
    const honest = signedWebhook(random)
    const forged = random.pick(forgeries)(honest, random)
    const isSame = forged.body.equals(honest.body) && claimOf(forged) === claimOf(honest)
    if (isSame && forged.headers['x-hub-signature'] === undefined) continue
    tried += 1
    if (isTaken(forged)) accepted += 1
    // The verifier must not refuse for being broken; one in a hundred is enough to know.
    if (tried % 100 === 0 && !isTaken(honest)) honestRefused += 1
  }
  return { tried, accepted, honestRefused }
}

function signedWebhook(random: Random): Signed {
  const id = random.below(2 ** 31)
  const optin = {
    type: 'one_time_notif_req',
    payload: `otn1:r-${id}:`,
    one_time_notif_token: `44${id}`,
  }
  const messaging = [{ sender: { id: `2${id}` }, recipient: { id: '1000' }, timestamp: id, optin }]
  const entry = [{ id: '1000', time: id, messaging }]
  const body = Buffer.from(JSON.stringify({ object: 'page', entry }))
  return { body, headers: strong(sign('sha256', body, random.pick(SECRETS))) }
}
