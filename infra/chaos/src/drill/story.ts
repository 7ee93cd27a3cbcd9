/** What a person and a product team do, drawn from a seed. Nothing of it is unusual. */
import type { Notify } from '@otn/contracts'
import { commandId, pageId, pageScopedUserId } from '@otn/kernel'
import type { Random } from '../simulation/random.ts'

/** A tap, or none, and the commands that follow it. */
export interface Story {
  readonly isConsented: boolean
  readonly topic: string
  readonly wishes: readonly Wish[]
}

export interface Wish {
  readonly id: string
  readonly topic: string
  readonly text: string
  /** How often the same command is published. */
  readonly copies: number
  /** By HTTP in place of Kafka. */
  readonly isPosted: boolean
  /** From now on, ms; null = at once. */
  readonly waitMs: number | null
}

const PLAIN = { copies: 1, isPosted: false, waitMs: null } as const

/** The share of each kind, in percent; the rest is plain: one consent, one command. */
const KINDS = [
  { share: 8, kind: 'repeated' },
  { share: 8, kind: 'racing' },
  { share: 4, kind: 'id-reused' },
  { share: 4, kind: 'no-consent' },
  { share: 4, kind: 'other-topic' },
  { share: 6, kind: 'posted' },
  { share: 4, kind: 'later' },
  { share: 6, kind: 'asked-for-later' },
] as const

export function nextStory(random: Random, name: string): Story {
  const topic = `restock-${random.below(4)}`
  const wish: Wish = { ...PLAIN, id: name, topic, text: `It is back: ${name}` }
  const story = (...wishes: readonly Wish[]) => ({ isConsented: true, topic, wishes })
  switch (kindOf(random.below(100))) {
    case 'repeated':
      return story({ ...wish, copies: 2 + random.below(2) })
    case 'racing':
      return story(wish, { ...wish, id: `${name}-b`, text: 'Come and see' })
    case 'id-reused':
      return story(wish, { ...wish, text: 'Something else' })
    case 'no-consent':
      return { ...story(wish), isConsented: false }
    case 'other-topic':
      return story({ ...wish, topic: 'sale' })
    case 'posted':
      return story({ ...wish, isPosted: true })
    case 'later':
      return story({ ...wish, waitMs: 1_500 })
    case 'asked-for-later':
      return story()
    default:
      return story(wish)
  }
}

function kindOf(percent: number): (typeof KINDS)[number]['kind'] | 'plain' {
  let below = 0
  for (const { share, kind } of KINDS) {
    below += share
    if (percent < below) return kind
  }
  return 'plain'
}

/** The command of a wish, as any product service would write it. */
export function commandOf(
  wish: Wish,
  to: { readonly page: string; readonly psid: string; readonly nowMs: number },
): Notify {
  return {
    commandId: commandId(wish.id),
    pageId: pageId(to.page),
    psid: pageScopedUserId(to.psid),
    topic: wish.topic,
    text: wish.text,
    notBefore: wish.waitMs === null ? null : to.nowMs + wish.waitMs,
    requestedBy: 'drill',
    requestedAt: to.nowMs,
  }
}
