/** For each of a person's newest tokens: what our services know, and how it stands to the truth. */
import type { TrueToken, Truth } from '../control/truth-control.ts'
import type { TokenState } from '../domain/token-state.ts'
import type { DispatcherCommand, KnowledgeSource, LedgerFact } from './knowledge-source.ts'
import { reconcile, type TruthOfToken, type Verdict } from './reconcile.ts'

export interface TokenKnowledge {
  /** The name of the token in the page's state. */
  readonly key: string
  readonly ledger: { readonly state: string; readonly topic: string | null } | null
  readonly facts: readonly LedgerFact[]
  readonly command: DispatcherCommand | null
  /** The state at Meta that the verdict speaks of. */
  readonly truth: TokenState
  readonly verdict: Verdict
}

export interface KnowledgeAnswer {
  readonly tokens: readonly TokenKnowledge[]
  /** Why nothing can be said, for people; null when all answered. */
  readonly fault: string | null
}

/** Older tokens are not asked for: the page shows one at a time, the newest first. */
const TOKENS_MAX = 4

export interface KnowledgeQuestion {
  readonly pageId: string
  readonly psid: string
  readonly readTruth: () => KnownTruth
}

/** What of the truth is compared. */
export interface KnownTruth {
  readonly tokens: readonly Pick<TrueToken, 'token' | 'state' | 'calls' | 'grantedAtMs'>[]
  readonly deliveries: readonly Pick<Truth['deliveries'][number], 'token'>[]
  readonly calls: readonly Pick<Truth['calls'][number], 'token' | 'metadata'>[]
}

type KnownTrueToken = KnownTruth['tokens'][number]

/** Asks both services. Never throws: a service that is away is part of the answer. */
export async function knowledgeOf(
  source: KnowledgeSource,
  { pageId, psid, readTruth }: KnowledgeQuestion,
): Promise<KnowledgeAnswer> {
  try {
    const truth = readTruth()
    const known = await source.tokens(pageId, psid)
    const newest = truth.tokens.map((token, index) => ({ token, index })).slice(-TOKENS_MAX)
    const tokens = newest.map(async ({ token, index }): Promise<TokenKnowledge> => {
      // The ledger never gives a token back; the moment of the tap says which one is meant.
      const ledger = known.find(({ grantedAt }) => grantedAt === token.grantedAtMs) ?? null
      const facts = ledger === null ? [] : await source.facts(ledger.tokenId)
      const commandId = commandOf(facts, token, truth)
      const command = commandId === null ? null : await source.command(pageId, commandId)
      // Read again after the services: an older truth beside newer knowledge would look broken.
      const now = truthOf(token, readTruth())
      const verdict = reconcile(now, {
        token: ledger,
        command: command === null ? null : { ...command, lastEnding: lastEnding(command) },
      })
      const shown = ledger === null ? null : { state: ledger.state, topic: ledger.topic }
      return { key: `t${index}`, ledger: shown, facts, command, truth: now.state, verdict }
    })
    return { tokens: await Promise.all(tokens), fault: null }
  } catch (error) {
    return { tokens: [], fault: error instanceof Error ? error.message : String(error) }
  }
}

/** The command of the newest fact; before there is one, that which a call carried. */
function commandOf(facts: readonly LedgerFact[], { token }: KnownTrueToken, truth: KnownTruth) {
  const told = facts.findLast(({ commandId }) => commandId !== null)?.commandId
  if (told !== undefined) return told
  const call = truth.calls.findLast((logged) => logged.token === token)
  return /^otn1\.\d+\.(.+)\.\d+\.[^.]+$/.exec(call?.metadata ?? '')?.[1] ?? null
}

function truthOf(older: KnownTrueToken, { tokens, deliveries }: KnownTruth): TruthOfToken {
  const { token, state, calls } = tokens.find((one) => one.token === older.token) ?? older
  return { state, calls, deliveries: deliveries.filter((one) => one.token === token).length }
}

function lastEnding({ attempts }: DispatcherCommand): string | null {
  return attempts.at(-1)?.ending ?? null
}
