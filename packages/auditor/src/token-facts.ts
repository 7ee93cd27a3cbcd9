/** What is known of one token: the consent, what changed it, and which commands had it when. */
import { earlier, type Place, surelyBefore } from './audit-record.ts'
import { attemptsOf, type CommandFacts, endingsOf } from './command-facts.ts'
import type { Fact } from './fact.ts'

export interface Grant {
  readonly pageId: string
  readonly person: string
  readonly topic: string | null
  readonly grantedAt: number
  readonly place: Place
}

export interface AssignedTopic {
  readonly topic: string
  readonly at: number
}

/** One attempt with the token, from the claim to the release; null = not released. */
export interface Use {
  readonly commandKey: string
  readonly pageId: string
  readonly attempt: number
  readonly topic: string | null
  readonly startedAt: number
  readonly startPlace: Place
  readonly releasedAt: number | null
  readonly releasePlace: Place | null
  readonly isClosed: boolean
  readonly isSent: boolean
}

export interface TokenFacts {
  readonly tokenId: string
  readonly grants: readonly Grant[]
  readonly topics: readonly AssignedTopic[]
  readonly withdrawnAt: number | null
  /** Commands that speak of the token and are not settled. */
  readonly users: readonly string[]
  /** Uses by settled commands that never let the token go. */
  readonly spent: readonly Use[]
}

export function newToken(tokenId: string): TokenFacts {
  return { tokenId, grants: [], topics: [], withdrawnAt: null, users: [], spent: [] }
}

/** A webhook comes several times; the first record of an opt-in is the one that counts. */
export function withGrant(token: TokenFacts, told: Grant): TokenFacts {
  const known = token.grants.find(
    ({ pageId, person }) => pageId === told.pageId && person === told.person,
  )
  if (known && earlier(known.place, told.place) === known.place) return token
  return { ...token, grants: [...token.grants.filter((grant) => grant !== known), told] }
}

export function withTopic(token: TokenFacts, told: AssignedTopic): TokenFacts {
  const isKnown = token.topics.some(({ topic, at }) => topic === told.topic && at === told.at)
  return isKnown ? token : { ...token, topics: [...token.topics, told] }
}

export function withWithdrawal(token: TokenFacts, at: number): TokenFacts {
  const withdrawnAt = Math.min(at, token.withdrawnAt ?? at)
  return withdrawnAt === token.withdrawnAt ? token : { ...token, withdrawnAt }
}

export function withUser(token: TokenFacts, key: string): TokenFacts {
  return token.users.includes(key) ? token : { ...token, users: [...token.users, key] }
}

/** The command is settled: only what still holds the token is kept of it. */
export function withoutUser(token: TokenFacts, command: CommandFacts): TokenFacts {
  const users = token.users.filter((key) => key !== command.key)
  const held = usesOf(command, token.tokenId).filter(({ releasedAt }) => releasedAt === null)
  return { ...token, users, spent: [...token.spent, ...held] }
}

/** Attempts of a command with this token. A Sent fact without its attempt counts as one. */
export function usesOf(command: CommandFacts, tokenId: string): readonly Use[] {
  const ofToken = (fact: Fact) => fact.tokenId === tokenId
  const attempts = attemptsOf(command).filter(ofToken)
  const bare = command.facts.filter(
    (fact) =>
      fact.kind === 'sent' &&
      ofToken(fact) &&
      !attempts.some(({ attempt }) => attempt === fact.attempt),
  )
  return [...attempts, ...bare].map((start) => useOf(command, start))
}

function useOf(command: CommandFacts, start: Fact): Use {
  const endings = endingsOf(command, start.attempt)
  const isSent = endings.some(({ kind }) => kind === 'sent')
  const letGo = endings.find(({ isReleased }) => isReleased) ?? releaseByHand(command, start)
  const release = isSent ? undefined : letGo
  return {
    commandKey: command.key,
    pageId: command.pageId,
    attempt: start.attempt,
    topic: start.topic,
    startedAt: start.at,
    startPlace: start.place,
    releasedAt: release?.at ?? null,
    releasePlace: release?.place ?? null,
    isClosed: endings.length > 0,
    isSent,
  }
}

/** A person who closes a doubt speaks of every attempt of the command with the token. */
function releaseByHand({ facts }: CommandFacts, { tokenId }: Fact): Fact | undefined {
  return facts.find(
    (fact) =>
      fact.kind === 'failed' &&
      fact.certainty === 'OPERATOR' &&
      fact.isReleased &&
      fact.tokenId === tokenId,
  )
}

/** Whether one use had surely ended before the other began, up to what clocks may differ by. */
export function endedBefore(first: Use, second: Use, graceMs: number): boolean {
  const { releasedAt, releasePlace } = first
  if (releasedAt === null || releasePlace === null) return false
  return second.startedAt >= releasedAt - graceMs || surelyBefore(releasePlace, second.startPlace)
}
