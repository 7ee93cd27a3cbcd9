/** Lawful lives of commands, as a dispatcher that keeps every promise would write them. */
import { DAY_MS, HOUR_MS, SECOND_MS } from '@otn/kernel'
import { type Command, command, person, Story, type Token, token } from './story.ts'

/** One person with two consents and three commands, each of which lives one life. */
export interface Cast {
  readonly owner: string
  readonly tokens: readonly [Token, Token]
  readonly commands: readonly [Command, Command, Command]
}

export function castOf(n: number): Cast {
  const owner = person(n)
  const own = (k: number): Command => command(10 * n + k, { owner })
  return {
    owner,
    tokens: [token(2 * n, owner), token(2 * n + 1, owner)],
    commands: [own(0), own(1), own(2)],
  }
}

interface Scene {
  readonly story: Story
  readonly of: Command
  readonly with: Token
}

/** What a life leaves behind of its token. */
type Fate = 'spent' | 'free' | 'held'

const INFERRED = { certainty: 'INFERRED', messageId: null }

/** Every way in which a command may go; the token it may use is free when it begins. */
export const LIVES = {
  sent: ({ story, of, with: its }) => {
    story.notify(of).attempted(of, its).sent(of, its)
    return 'spent'
  },
  asked_twice: ({ story, of, with: its }) => {
    story.notify(of).attempted(of, its).notify(of).sent(of, its).sent(of, its)
    return 'spent'
  },
  repeated_where_nothing_was_sent: ({ story, of, with: its }) => {
    story.notify(of).attempted(of, its).notSent(of, its).attempted(of, its, 2).sent(of, its, 2)
    return 'spent'
  },
  probed: ({ story, of, with: its }) => {
    story
      .notify(of)
      .attempted(of, its)
      .after(120 * SECOND_MS)
      .inDoubt(of, its)
    story.attempted(of, its, 2).sent(of, its, 2, INFERRED)
    return 'spent'
  },
  settled_by_echo: ({ story, of, with: its }) => {
    story.notify(of).attempted(of, its).after(HOUR_MS).inDoubt(of, its)
    story.sent(of, its, 1, { certainty: 'ECHOED', settledBy: 'e' })
    return 'spent'
  },
  settled_by_a_late_answer: ({ story, of, with: its }) => {
    story.notify(of).attempted(of, its).inDoubt(of, its).attempted(of, its, 2).sent(of, its, 1)
    return 'spent'
  },
  refused_and_let_go: ({ story, of, with: its }) => {
    const released = { attempt: 1, tokenId: its.tokenId, tokenReleased: true }
    story.notify(of).attempted(of, its).failed(of, released)
    return 'free'
  },
  refused_for_good: ({ story, of, with: its }) => {
    const dead = { attempt: 1, tokenId: its.tokenId, tokenReleased: false, reason: 'token-spent' }
    story.notify(of).attempted(of, its).failed(of, dead)
    return 'held'
  },
  refused_without_a_call: ({ story, of }) => {
    story.notify(of).failed(of)
    return 'free'
  },
  waited: ({ story, of, with: its }) => {
    const dueAt = story.nowMs + DAY_MS
    story.notify(of).fact('NotificationScheduled', of, { reason: 'not-before', dueAt })
    story.after(DAY_MS).attempted(of, its).sent(of, its)
    return 'spent'
  },
  cancelled: ({ story, of }) => {
    story.notify(of).fact('NotificationScheduled', of, { reason: 'not-before' })
    story.fact('NotificationCancelled', of)
    return 'free'
  },
  closed_by_a_person: ({ story, of, with: its }) => {
    const closed = { attempt: 1, tokenId: its.tokenId, tokenReleased: true, certainty: 'OPERATOR' }
    story.notify(of).attempted(of, its).inDoubt(of, its).after(HOUR_MS).failed(of, closed)
    return 'free'
  },
  id_used_again: ({ story, of, with: its }) => {
    const other = command(Number(of.commandId.slice(2)), { owner: of.person, text: 'Other.' })
    story.notify(of).attempted(of, its).notify(other).fact('CommandRejected', other)
    story.sent(of, its)
    return 'spent'
  },
  release_told_late: ({ story, of, with: its }) => {
    story.notify(of).attempted(of, its)
    const at = story.nowMs
    story
      .after(20 * SECOND_MS)
      .notSent(of, its, 1, { at })
      .attempted(of, its, 2)
      .sent(of, its, 2)
    return 'spent'
  },
} as const satisfies Record<string, (scene: Scene) => Fate>

export type Life = keyof typeof LIVES
export const LIFE_NAMES = Object.keys(LIVES) as readonly Life[]

/** Consents, then one life after the other, each with the first token that is free. */
export function lived(cast: Cast, lives: readonly Life[], startMs: number): Story {
  const story = new Story(startMs).optIn(cast.tokens[0]).optIn(cast.tokens[1])
  const free = [...cast.tokens]
  for (const [index, life] of lives.slice(0, cast.commands.length).entries()) {
    const of = cast.commands[index]
    const its = free[0]
    if (of === undefined) break
    if (its === undefined) story.notify(of).failed(of, { reason: 'token-spent' })
    else if (LIVES[life]({ story, of, with: its }) !== 'free') free.shift()
  }
  return story
}
