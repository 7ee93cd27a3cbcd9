/** The app's half: the address answers, takes what is signed, and the platform verified it. */
import type { PageId } from '@otn/kernel'
import type { CallbackAnswer } from '../ports.ts'
import type { Checklist, Failure } from './checklist.ts'
import type { Onboarding } from './onboarding.ts'

export const APP_STEPS = ['address-answers', 'test-event-accepted', 'app-subscribed'] as const

type AppStep = (typeof APP_STEPS)[number]

type Parts = Pick<Onboarding, 'callback' | 'fields' | 'meta'>

/**
 * Asks the address as the platform would before the platform does: what it finds wrong there it
 * tells by one code alone. Twice is harmless.
 * @returns null where a step failed
 */
export async function subscribeApp(
  list: Checklist<AppStep>,
  pageId: PageId,
  { callback, fields, meta }: Parts,
): Promise<true | null> {
  const { url: callbackUrl, verifyToken } = callback
  const shaken = handshakeFault(await callback.shakeHands(), callbackUrl)
  if (shaken !== null) return list.failed('address-answers', shaken)
  list.done('address-answers', `${callbackUrl} gives the challenge back.`)
  const posted = testEventFault(await callback.postTestEvent(pageId), callbackUrl)
  if (posted !== null) return list.failed('test-event-accepted', posted)
  list.done('test-event-accepted', 'A signed test event was answered 200.')
  const wish = { callbackUrl, verifyToken, fields }
  const subscribed = await list.ask('app-subscribed', meta(null).subscribeApp(wish), () => {
    return `The platform verified ${callbackUrl} and sends ${fields.length} fields there.`
  })
  return subscribed && true
}

/** Every fault of the address or of the verify token; null = the challenge came back. */
function handshakeFault(answer: CallbackAnswer, url: string): Failure | null {
  if (answer.kind === 'unreachable') return unreachable(answer.cause, url)
  if (answer.status === 200 && answer.echoes) return null
  if (answer.status === 403) {
    return {
      sentence: `${url} refuses the verify token: the registry and the ingress were given others.`,
      next: 'Give both the same META_VERIFY_TOKEN, start them again, then run this again.',
    }
  }
  return {
    sentence: `${url} answered ${answer.status} without the challenge: it is not the ingress.`,
    next: 'See that REGISTRY_CALLBACK_URL leads to /webhook of the ingress, then run this again.',
  }
}

/** Null = answered 200. */
function testEventFault(answer: CallbackAnswer, url: string): Failure | null {
  if (answer.kind === 'unreachable') return unreachable(answer.cause, url)
  if (answer.status === 200) return null
  if (answer.status === 401) {
    return {
      sentence: `${url} refuses what META_APP_SECRET signs: the ingress was given another one.`,
      next: 'Give both the same META_APP_SECRET, start them again, then run this again.',
    }
  }
  return {
    sentence: `${url} answered ${answer.status} to a signed test event, wanted 200.`,
    next: 'See pnpm otn webhook errors, then run this again.',
  }
}

function unreachable(cause: string, url: string): Failure {
  return {
    sentence: `Nobody answers at ${url} (${cause}).`,
    next: 'See that the ingress runs and that REGISTRY_CALLBACK_URL is its address from outside.',
  }
}
