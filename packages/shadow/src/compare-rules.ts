/** What would have differed: the log decided again by the rules of today, and by changed ones. */
import { isExplained, type Replay, type Replayed } from './replay-rules.ts'
import type { Decision } from './shadow-rules.ts'

export type Difference =
  | 'would be sent'
  | 'would be refused'
  | 'would be refused for another reason'
  | 'would spend its token no more'
  | 'would spend a token'
  | 'would spend another token'

export interface Differing {
  readonly pageId: string
  readonly commandId: string
  readonly kind: Replayed['kind']
  readonly topic: string | null
  readonly at: number
  readonly difference: Difference
  readonly was: Decision
  readonly would: Decision
}

export interface RulesReport {
  readonly commands: number
  /** Decided on the log as the rules of today decide: only these are compared. */
  readonly explained: number
  /** The log decided otherwise than the rules of today: by older rules, or by what is not here. */
  readonly unexplained: readonly Pick<Differing, 'pageId' | 'commandId' | 'was' | 'would'>[]
  readonly gone: number
  readonly undecided: number
  readonly differing: readonly Differing[]
  readonly counts: Readonly<Partial<Record<Difference, number>>>
  /** Tokens that would be left, and that would be spent more. */
  readonly tokens: { readonly spared: number; readonly spent: number }
}

export interface Window {
  readonly fromMs: number
  readonly toMs: number
}

/** @param today the log decided by the rules of today @param changed the same by the others */
export function compareRules(
  today: Replay,
  changed: Replay,
  { fromMs, toMs }: Window,
): RulesReport {
  const pairs = [...today.commands].flatMap(([key, again]) => {
    const other = changed.commands.get(key)
    return other && again.at >= fromMs && again.at < toMs ? [{ again, other }] : []
  })
  const explained = pairs.filter(({ again }) => isExplained(again))
  const differing = explained.flatMap(({ again, other }) => {
    const difference = differenceOf(again.decided, other.decided)
    if (difference === null) return []
    const { pageId, commandId, kind, topic, at, decided: was } = again
    return [{ pageId, commandId, kind, topic, at, difference, was, would: other.decided }]
  })
  const unexplained = pairs
    .filter(({ again }) => !isExplained(again))
    .map(({ again }) => {
      const { pageId, commandId, recorded, decided } = again
      return { pageId, commandId, was: recorded, would: decided }
    })
  return {
    ...{ commands: pairs.length, explained: explained.length, unexplained },
    ...{ gone: today.gone, undecided: today.undecided, differing },
    counts: countBy(differing.map(({ difference }) => difference)),
    tokens: {
      spared: differing.filter(({ was, would }) => was.tokenId && !would.tokenId).length,
      spent: differing.filter(({ was, would }) => !was.tokenId && would.tokenId).length,
    },
  }
}

export function countBy<Name extends string>(
  names: readonly Name[],
): Readonly<Partial<Record<Name, number>>> {
  const counts: Partial<Record<Name, number>> = {}
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1
  return counts
}

function differenceOf(was: Decision, would: Decision): Difference | null {
  if (was.outcome !== would.outcome) {
    return would.outcome === 'send' ? 'would be sent' : 'would be refused'
  }
  if (was.outcome === 'refuse') {
    const isOther = was.reason !== would.reason || was.rule !== would.rule
    return isOther ? 'would be refused for another reason' : null
  }
  if (was.tokenId === would.tokenId) return null
  if (would.tokenId === null) return 'would spend its token no more'
  return was.tokenId === null ? 'would spend a token' : 'would spend another token'
}
