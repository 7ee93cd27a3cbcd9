/**
 * What somebody would do who knows no rule: the call that a command asks for, as well as it can be
 * put together, straight at the simulator. It shares no code with the services.
 */
import type { Simulator } from '@otn/meta-simulator'
import type { Wish } from './situation.ts'
import { refusalOf } from './wire-tap.ts'

export interface NaiveCall {
  readonly pageId: string
  readonly psid: string
  /** Raw tokens of the person, newest first. */
  readonly tokens: readonly string[]
  readonly wish: Wish
}

/** @returns null = taken; else why not */
export async function callNaively(simulator: Simulator, call: NaiveCall): Promise<string | null> {
  const { pageId, wish } = call
  const message = messageOf(wish)
  if (message === null) return 'no message can be put together'
  const to = recipientOf(simulator, call)
  if (to === null) return 'nobody can be named'
  const tag = wish.kind === 'notify' && wish.tag !== null ? { tag: wish.tag } : {}
  const { status, body } = await simulator.send({ pageId, ...to, message, ...tag })
  return status === 200 ? null : refusalOf(body)
}

function messageOf(wish: Wish): Record<string, unknown> | null {
  if (wish.kind === 'request') {
    const { title, topic, context } = wish
    const payload = { template_type: 'one_time_notif_req', title, payload: `${topic}${context}` }
    return { attachment: { type: 'template', payload } }
  }
  if (wish.message === null) return wish.text === null ? null : { text: wish.text }
  try {
    return JSON.parse(wish.message)
  } catch {
    return null
  }
}

/** A token while one is left, where a token is asked for; else the person. */
function recipientOf(simulator: Simulator, { psid, tokens, wish }: NaiveCall) {
  const { names } = wish
  if (names === 'nobody') return null
  if (names === 'no such token') return { token: '440000' }
  const isByToken = wish.kind === 'notify' && !['WINDOW', 'TAG'].includes(wish.route ?? '')
  if (names === 'psid' && !isByToken) return { psid }
  const states = simulator.truth({ psid }).tokens
  const isLeft = (raw: string) =>
    states.some(({ token, state }) => token === raw && state === 'ISSUED')
  const [newest] = tokens
  const best = names === 'token' ? newest : (tokens.find(isLeft) ?? newest)
  if (best !== undefined) return { token: best }
  return wish.kind === 'notify' && wish.route === 'AUTO' ? { psid } : null
}
