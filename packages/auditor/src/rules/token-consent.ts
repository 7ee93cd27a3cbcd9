/** Each attempt with a token against the consent that the token stands for (G7). */
import { attemptsOf, type CommandFacts, endingsOf } from '../command-facts.ts'
import type { Fact } from '../fact.ts'
import type { FindingCode } from '../finding.ts'
import type { Grant, TokenFacts } from '../token-facts.ts'
import { withdrawnFrom } from '../withdrawn-scope.ts'
import { type Circumstances, isOld, ofToken, type TokenRule } from './rule.ts'

export const consent: TokenRule = ({ token }, circumstances) => {
  const commands = token.users.flatMap((key) => circumstances.state.commands.get(key) ?? [])
  const found = commands.flatMap((command) =>
    attemptsOf(command)
      .filter(({ tokenId }) => tokenId === token.tokenId)
      .flatMap((attempt) => faultsOf({ token, command, attempt }, circumstances)),
  )
  return [...found, ...laterWithdrawn(token, circumstances)]
}

interface Case {
  readonly token: TokenFacts
  readonly command: CommandFacts
  readonly attempt: Fact
}

function faultsOf(subject: Case, circumstances: Circumstances) {
  const { token, attempt } = subject
  const { limits } = circumstances
  const detail = `attempt ${attempt.attempt} of ${attempt.commandKey}`
  const fault = (code: FindingCode) => ofToken(code, token, { detail, place: attempt.place })
  const { pageId, person } = attempt
  if (token.grants.length === 0) {
    return isOld(attempt.place, circumstances) ? [fault('token-not-granted')] : []
  }
  const grant = token.grants.find(
    (one) => one.pageId === pageId && (person === null || one.person === person),
  )
  if (grant === undefined) return [fault('token-of-another')]
  const isLate =
    attempt.at >
    withdrawalOf({ token, grant, topic: attempt.topic }, circumstances) + limits.withdrawalMs
  return [
    ...(isTopicAgreed(subject, circumstances) ? [] : [fault('topic-not-agreed')]),
    ...(isLate && !isStopped(subject) ? [fault('attempt-after-withdrawal')] : []),
    ...(attempt.at > grant.grantedAt + limits.tokenLifeMs ? [fault('attempt-after-expiry')] : []),
  ]
}

/** Settled commands whose token turns out to have been withdrawn before. */
function laterWithdrawn(token: TokenFacts, circumstances: Circumstances) {
  const { spent, grants } = token
  const late = spent.find((use) => {
    const grant = grants.find(({ pageId }) => pageId === use.pageId)
    if (grant === undefined || !use.isSent) return false
    const from = withdrawalOf({ token, grant, topic: use.topic }, circumstances)
    return use.startedAt > from + circumstances.limits.withdrawalMs
  })
  if (late === undefined) return []
  const detail = `attempt ${late.attempt} of ${late.commandKey}`
  return [ofToken('attempt-after-withdrawal', token, { detail, place: late.startPlace })]
}

interface Consent {
  readonly token: TokenFacts
  readonly grant: Grant
  /** What the call was about. */
  readonly topic: string | null
}

/** From when on nothing may be sent, by the token's own withdrawal, its person's or its topic's. */
function withdrawalOf({ token, grant, topic }: Consent, { state }: Circumstances): number {
  return Math.min(
    token.withdrawnAt ?? Infinity,
    withdrawnFrom(state.withdrawn, { ...grant, topic }),
  )
}

/** Claimed, then stopped by the last gate before the call. */
function isStopped({ command, attempt }: Case): boolean {
  return endingsOf(command, attempt.attempt).some(({ reason }) => reason === 'token-withdrawn')
}

/**
 * The topic of the token when the attempt began: that of the opt-in until it was corrected. A
 * correction is given the time that it takes to be heard of. A probe repeats what was agreed when
 * its first attempt began, and a request asks for consent instead of resting on it.
 */
function isTopicAgreed({ token, command, attempt }: Case, circumstances: Circumstances): boolean {
  if (attempt.isRequest) return true
  const isProbe = attemptsOf(command).some(
    ({ tokenId, attempt: number }) => tokenId === token.tokenId && number < attempt.attempt,
  )
  if (isProbe) return true
  const { withdrawalMs: graceMs } = circumstances.limits
  const corrections = token.topics.toSorted((a, b) => a.at - b.at)
  const isOver = (end: number) => end <= attempt.at - graceMs
  const agreed = [
    ...token.grants.map(({ topic }) => ({ topic, at: -Infinity })),
    ...corrections,
  ].filter(({ topic, at }, index, all) => {
    const next = all.slice(index + 1).find((later) => later.at > at)?.at ?? Infinity
    return topic !== null && at <= attempt.at + graceMs && !isOver(next)
  })
  return agreed.some(({ topic }) => topic === attempt.topic)
}
