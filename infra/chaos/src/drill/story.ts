/** What a person and a product team do, drawn from a seed. Nothing of it is unusual. */
import type { CancelNotification, Notify, RequestOptIn } from '@otn/contracts'
import { commandId, pageId, pageScopedUserId } from '@otn/kernel'
import type { Random } from '../simulation/random.ts'

/** A tap, or none, and the commands that follow it; or a question to somebody who wrote. */
export interface Story {
  readonly isConsented: boolean
  readonly topic: string
  readonly wishes: readonly Wish[]
  /** Ids of questions about `sale`. */
  readonly questions?: readonly string[]
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
  /** How it is to go; left out = by token. */
  readonly way?: Pick<Notify, 'route' | 'tag'>
  /** Somebody takes it back before, or right after, it is published. */
  readonly isCancelled?: 'before' | 'after'
}

const PLAIN = { copies: 1, isPosted: false, waitMs: null } as const
const WAYS = [
  { route: 'WINDOW' },
  { route: 'AUTO' },
  { route: 'TAG', tag: 'HUMAN_AGENT' },
] as const satisfies readonly Wish['way'][]

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
  { share: 10, kind: 'by-another-way' },
  { share: 6, kind: 'question' },
  { share: 6, kind: 'cancelled' },
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
    case 'by-another-way':
      return story({ ...wish, way: random.pick<NonNullable<Wish['way']>>(WAYS) })
    case 'question':
      return { ...story(), questions: [name, `${name}-b`].slice(random.below(2)) }
    case 'cancelled':
      return story({ ...wish, waitMs: 1_500, isCancelled: random.pick(['before', 'after']) })
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

export interface Addressee {
  readonly page: string
  readonly psid: string
  readonly nowMs: number
}

/** The command of a wish, as any product service would write it. */
export function commandOf(wish: Wish, to: Addressee): Notify {
  return {
    commandId: commandId(wish.id),
    pageId: pageId(to.page),
    psid: pageScopedUserId(to.psid),
    topic: wish.topic,
    text: wish.text,
    ...wish.way,
    notBefore: wish.waitMs === null ? null : to.nowMs + wish.waitMs,
    requestedBy: 'drill',
    requestedAt: to.nowMs,
  }
}

export function cancelOf({ id }: Wish, { page }: Addressee): CancelNotification {
  const cancels = commandId(id)
  return { commandId: commandId(`${id}-x`), pageId: pageId(page), cancels, requestedBy: 'drill' }
}

/** In words of its own: nobody is asked twice in the same. */
export function questionOf(id: string, { page, psid, nowMs }: Addressee): RequestOptIn {
  return {
    commandId: commandId(id),
    pageId: pageId(page),
    psid: pageScopedUserId(psid),
    ...{ topic: 'sale', title: `Shall we tell you (${id})?`, context: '' },
    ...{ requestedBy: 'drill', requestedAt: nowMs },
  }
}
