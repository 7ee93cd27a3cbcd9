import { attemptsOf, type CommandFacts, finalOf } from '../command-facts.ts'
import type { Fact } from '../fact.ts'
import { type CommandRule, isOld, ofCommand } from './rule.ts'

/**
 * After an attempt of unknown outcome the command stays with its token for ever (G3). An attempt
 * without a token can never be repeated: the platform would deliver it twice.
 */
export const commandMoved: CommandRule = (command) => {
  for (const unknown of unknownOf(command)) {
    const pinned = attemptsOf(command).find(({ attempt }) => attempt === unknown.attempt)
    const tokenId = pinned?.tokenId ?? unknown.tokenId
    const moved = attemptsOf(command).find(
      (next) =>
        next.attempt > unknown.attempt && (next.tokenId === null || next.tokenId !== tokenId),
    )
    if (moved === undefined) continue
    const what = moved.tokenId === null ? 'no token' : 'another token'
    const detail = `attempt ${moved.attempt} has ${what}, after attempt ${unknown.attempt}`
    return [ofCommand('command-moved', command, { detail, place: moved.place })]
  }
  return []
}

/** That a token was used tells who used it only where an attempt of ours may have. */
export const inferredWithoutDoubt: CommandRule = (command, circumstances) => {
  const inferred = command.facts.find((fact) => fact.certainty === 'INFERRED')
  if (inferred === undefined || !isOld(inferred.place, circumstances)) return []
  const isGrounded = unknownOf(command).some(
    ({ attempt, tokenId }) => attempt < inferred.attempt && tokenId === inferred.tokenId,
  )
  if (isGrounded) return []
  const detail = `attempt ${inferred.attempt} is the first that may have sent`
  return [ofCommand('inferred-without-doubt', command, { detail, place: inferred.place })]
}

const CODE = 1
const DELIVERED_ALL_THE_SAME = 1357046

/** The platform documents 1/1357046 as an error after delivery (meta-platform.md 3.2). */
export const probeForbidden: CommandRule = (command) => {
  const answer = command.facts.find(
    ({ graphCode, graphSubcode }) => graphCode === CODE && graphSubcode === DELIVERED_ALL_THE_SAME,
  )
  const probe = attemptsOf(command).find(({ attempt }) => answer && attempt > answer.attempt)
  if (answer === undefined || probe === undefined) return []
  const detail = `attempt ${probe.attempt} after that answer to attempt ${answer.attempt}`
  return [ofCommand('probe-forbidden', command, { detail, place: probe.place })]
}

export const probesExceeded: CommandRule = (command, { limits }) => {
  const first = Math.min(...unknownOf(command).map(({ attempt }) => attempt))
  const probes = attemptsOf(command).filter(({ attempt }) => attempt > first)
  const surplus = probes[limits.probesMax]
  if (surplus === undefined) return []
  const detail = `${probes.length} attempts after attempt ${first}, at most ${limits.probesMax}`
  return [ofCommand('probes-exceeded', command, { detail, place: surplus.place })]
}

/** A verdict in doubt is legal and may stand for ever; somebody ought to look for evidence. */
export const doubtStands: CommandRule = (command, circumstances) => {
  const last = attemptsOf(command).at(-1)
  const doubt = unknownOf(command).find(({ attempt }) => attempt === last?.attempt)
  if (doubt === undefined || finalOf(command) !== null) return []
  if (!isOld(doubt.place, circumstances, circumstances.limits.doubtMs)) return []
  const detail = `attempt ${doubt.attempt}`
  return [ofCommand('doubt-stands', command, { detail, place: doubt.place })]
}

function unknownOf({ facts }: CommandFacts): readonly Fact[] {
  return facts.filter(({ kind }) => kind === 'in-doubt')
}
