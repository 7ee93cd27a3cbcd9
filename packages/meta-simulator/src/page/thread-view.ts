/** What stands on a person's phone, from the facts of one thread. */
import type { Fact } from '../domain/facts.ts'
import type { JsonObject } from '../domain/json-object.ts'
import { isJsonObject } from '../domain/json-object.ts'
import { optInRequestOf } from '../domain/opt-in-template.ts'

/** One thing on the screen. */
export interface Bubble {
  readonly key: string
  readonly kind: 'card' | 'from-page' | 'from-person' | 'notice'
  readonly text: string
  readonly atMs: number
  readonly mid: string | null
  /** For a card: whether it was tapped already. */
  readonly tapped: boolean
  readonly isRead: boolean
  readonly reaction: string | null
  /** Whether a one-time token paid for it. */
  readonly byToken: boolean
}

export interface ThreadOf {
  readonly pageId: string
  readonly psid: string
}

/** The bubbles of a thread, oldest first. A deleted chat shows what came after. */
export function bubblesOf(facts: readonly Fact[], thread: ThreadOf): readonly Bubble[] {
  let bubbles: readonly Bubble[] = []
  let count = 0
  for (const fact of facts) {
    if (!isOf(fact, thread)) continue
    count += 1
    bubbles = shown(bubbles, fact, `b${count}`)
  }
  return bubbles
}

function isOf(fact: Fact, { pageId, psid }: ThreadOf): boolean {
  const place = placeOf(fact)
  return place.pageId === pageId && place.psid === psid
}

function placeOf(fact: Fact): { readonly pageId?: string; readonly psid?: string | null } {
  if (fact.type === 'TokenIssued') return fact.issued
  if (fact.type === 'MessageDelivered') return fact.delivered
  if (fact.type === 'PersonJoined') return fact.person
  return 'psid' in fact ? fact : {}
}

function shown(bubbles: readonly Bubble[], fact: Fact, key: string): readonly Bubble[] {
  switch (fact.type) {
    case 'PersonJoined':
      return bubbles
    case 'TokenIssued': {
      const { grantedAtMs } = fact.issued
      const tapped = bubbles.map((bubble) =>
        bubble.mid === fact.requestMid ? { ...bubble, tapped: true } : bubble,
      )
      return [
        ...tapped,
        bubble({ key, kind: 'notice', text: 'Tapped Notify me', atMs: grantedAtMs }),
      ]
    }
    case 'MessageDelivered': {
      const { mid, atMs, token, message } = fact.delivered
      const request = optInRequestOf(message)
      const kind = request === null ? 'from-page' : 'card'
      const text = request?.title ?? textOf(message)
      return [...bubbles, bubble({ key, kind, text, atMs, mid, byToken: token !== null })]
    }
    case 'PersonActed':
      return acted(bubbles, fact, key)
    default:
      return otherwise(bubbles, fact, key)
  }
}

type Acted = Extract<Fact, { readonly type: 'PersonActed' }>

function acted(bubbles: readonly Bubble[], fact: Acted, key: string): readonly Bubble[] {
  const { act, atMs } = fact
  switch (act.kind) {
    case 'message':
      return [
        ...bubbles,
        bubble({ key, kind: 'from-person', text: act.text ?? '…', atMs, mid: act.mid }),
      ]
    case 'postback':
      return [...bubbles, bubble({ key, kind: 'from-person', text: act.title, atMs, mid: act.mid })]
    case 'reaction': {
      const reaction = act.action === 'react' ? act.emoji : null
      return bubbles.map((one) => (one.mid === act.mid ? { ...one, reaction } : one))
    }
    case 'read':
      return bubbles.map((one) =>
        one.atMs <= act.watermarkMs && one.kind !== 'from-person' ? { ...one, isRead: true } : one,
      )
    default:
      return bubbles
  }
}

/** Facts that only say that a person did something to the thread as a whole. */
function otherwise(
  bubbles: readonly Bubble[],
  fact: { readonly type: string; readonly atMs?: number },
  key: string,
): readonly Bubble[] {
  if (!/^(Person|Thread)/.test(fact.type)) return bubbles
  const text = fact.type.replaceAll(/(?<=[a-z])([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`)
  const notice = bubble({ key, kind: 'notice', text, atMs: fact.atMs ?? 0 })
  return fact.type === 'ThreadDeleted' ? [notice] : [...bubbles, notice]
}

type Given = Pick<Bubble, 'key' | 'kind' | 'text' | 'atMs'> & Partial<Bubble>

function bubble(given: Given): Bubble {
  return { mid: null, tapped: false, isRead: false, reaction: null, byToken: false, ...given }
}

function textOf(message: JsonObject): string {
  if (typeof message.text === 'string') return message.text
  const { attachment } = message
  const type = isJsonObject(attachment) ? attachment.type : undefined
  return typeof type === 'string' ? `[${type}]` : '[message]'
}
