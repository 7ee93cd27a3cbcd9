import { type RandomSource, seededRandom } from './random.ts'

const ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const BASE64 = Buffer.from(`${ALPHANUMERIC}+/`)
const BASE64_URL = Buffer.from(`${ALPHANUMERIC}-_`)

/** Ids in the forms that Meta's side is seen to use; every kind is a stream of its own. */
export interface Ids {
  /** 18 digits: longer than a double holds, so that a receiver who reads numbers is found out. */
  token(): string
  /** 17 digits, page-scoped. */
  psid(): string
  /** `m_` and 86 characters. */
  messageId(): string
  /** 11 characters of base64, slashes included, as in observed answers. */
  traceId(): string
  /** Ten digits, for the subscription handshake. */
  challenge(): string
  /** A number from 0 (included) to 1 (excluded), for faults that strike a share of the calls. */
  draw(): number
}

/** The ids of a seed: equal seeds give equal ids, whatever other kinds were drawn meanwhile. */
export function seededIds(seed: string): Ids {
  const stream = (kind: string): RandomSource => seededRandom(`${kind}\n${seed}`)
  const [tokens, psids, messages] = [stream('token'), stream('psid'), stream('message')]
  const [traces, challenges, draws] = [stream('trace'), stream('challenge'), stream('draw')]
  return {
    token: () => `44${digits(tokens, 16)}`,
    psid: () => `2${digits(psids, 16)}`,
    messageId: () => `m_${letters(messages, BASE64_URL, 86)}`,
    traceId: () => letters(traces, BASE64, 11),
    challenge: () => `1${digits(challenges, 9)}`,
    draw: () => draws.next() / 0x1_0000_0000,
  }
}

function digits(source: RandomSource, length: number): string {
  let text = ''
  while (text.length < length) text += String(source.next() % 100_000_000).padStart(8, '0')
  return text.slice(0, length)
}

/** Letters are put down as bytes and read once: a text that grows costs three times as much. */
const scratch = Buffer.alloc(128)

/** @param alphabet the codes of 64 letters @param length at most that of the scratch */
function letters(source: RandomSource, alphabet: Uint8Array, length: number): string {
  let bits = 0
  for (let index = 0; index < length; index += 1) {
    if (index % 5 === 0) bits = source.next()
    scratch[index] = alphabet[bits & 63] ?? 0
    bits >>>= 6
  }
  return scratch.toString('latin1', 0, length)
}
