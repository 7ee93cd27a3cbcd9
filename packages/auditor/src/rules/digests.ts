import { earlier } from '../audit-record.ts'
import type { CommandFacts } from '../command-facts.ts'
import type { Fact } from '../fact.ts'
import { type CommandRule, isOld, ofCommand } from './rule.ts'

/** A rejection answers another command of the same id, never a repeat of the one that has it. */
export const rejectedItself: CommandRule = (command) => {
  const own = new Set([...ownFacts(command).map(({ digest }) => digest), command.settled?.digest])
  const rejection = command.facts.find(({ kind, digest }) => kind === 'rejected' && own.has(digest))
  if (rejection === undefined) return []
  const detail = `rejected at ${rejection.at} with the digest of its own facts`
  return [ofCommand('rejected-itself', command, { detail, place: rejection.place })]
}

/**
 * All facts of a command carry one digest, and it is that of a `Notify` that was not rejected.
 * Commands are kept for 30 days only, so a `Notify` that came after the facts proves nothing.
 */
export const digestDiffers: CommandRule = (command, circumstances) => {
  const facts = ownFacts(command)
  const [first] = facts
  if (first === undefined) return []
  const other = facts.find(({ digest }) => digest !== first.digest)
  if (other !== undefined) {
    const detail = `facts carry ${short(first.digest)} and ${short(other.digest)}`
    return [ofCommand('digest-differs', command, { detail, place: other.place })]
  }
  const begin = facts.map(({ place }) => place).reduce(earlier)
  const rejected = new Set(rejections(command).map(({ digest }) => digest))
  const asked = command.asked.filter(
    ({ digest, place }) => !rejected.has(digest) && place.timestampMs < begin.timestampMs,
  )
  const isKnown = command.asked.some(({ digest }) => digest === first.digest)
  if (asked.length === 0 || isKnown || !isOld(begin, circumstances)) return []
  const detail = `facts carry ${short(first.digest)}, asked for was ${short(asked[0]?.digest)}`
  return [ofCommand('digest-differs', command, { detail, place: begin })]
}

/** A cancel that overtook its command cannot know the digest. */
function ownFacts({ facts }: CommandFacts): readonly Fact[] {
  return facts.filter(({ kind }) => kind !== 'rejected' && kind !== 'cancelled')
}

function rejections({ facts }: CommandFacts): readonly Fact[] {
  return facts.filter(({ kind }) => kind === 'rejected')
}

function short(digest = ''): string {
  return digest.slice(0, 8)
}
