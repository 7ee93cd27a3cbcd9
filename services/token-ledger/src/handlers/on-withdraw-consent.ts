/** `WithdrawConsent`: one fact per command, by which everybody stops sending. */
import type { ConsentWithdrawn, WithdrawConsent } from '@otn/contracts'
import type { Clock, Identity } from '@otn/kernel'
import { personKey } from '../domain/person-key.ts'
import { faultOf, usableIds, withdrawalOf } from '../domain/withdraw-consent.ts'
import type { Facts, Parking, ReadCommand, Unusable } from '../log-ports.ts'
import type { ReadModel } from '../ports.ts'

export interface WithdrawPorts {
  readonly facts: Facts
  readonly parking: Parking
  readonly identity: Identity
  readonly clock: Clock
  readonly tell: { commandParked(reason: string): void }
}

/**
 * Tells what the commands withdraw, those whose fact is on the log already excepted. Commands that
 * leave open whom they concern are parked.
 * @param model folded to the end of the token events as it was after the commands were read
 */
export function onWithdrawConsent(
  ports: WithdrawPorts,
): (commands: readonly ReadCommand[], model: ReadModel) => Promise<void> {
  const { facts, parking, identity, clock, tell } = ports
  return async (commands, model) => {
    const tokens = await tokensOf(commands, model)
    const faulty = commands.flatMap(({ value, source }): readonly Unusable[] => {
      const isOfAnother = tokens.get(value.tokenId ?? '')?.document.consent?.pageId
      const fault = faultOf(value) ?? pageFault(value, isOfAnother)
      return fault === null ? [] : [{ ...source, ...fault, names: usableIds(value) }]
    })
    if (faulty.length > 0) await parking.park(faulty)
    for (const { reason } of faulty) tell.commandParked(reason)
    const broken = new Set(faulty.map(({ record }) => record))
    const wanted = commands.filter(({ source }) => !broken.has(source.record))
    const nowMs = clock.nowMs()
    const told = wanted.map(({ value }) => withdrawalOf(value, { identity, nowMs }))
    const once = [...new Map(told.map((fact) => [fact.eventId, fact])).values()]
    const known = await knownOf(once, model)
    const fresh = once.filter(({ eventId }) => !known.has(eventId))
    if (fresh.length > 0) await facts.tell(fresh)
  }
}

function pageFault({ pageId }: WithdrawConsent, owner: string | undefined) {
  if (owner === undefined || owner === pageId) return null
  return { reason: 'token-unknown', detail: 'tokenId: a token of another page' } as const
}

function tokensOf(commands: readonly ReadCommand[], { tokens }: ReadModel) {
  return tokens.load(commands.flatMap(({ value }) => value.tokenId ?? []))
}

/** Ids of the facts that are folded: a command may come again, also long after. */
async function knownOf(
  facts: readonly ConsentWithdrawn[],
  { tokens, persons, pages }: ReadModel,
): Promise<ReadonlySet<string>> {
  const ids = {
    tokens: facts.flatMap(({ tokenId }) => tokenId ?? []),
    persons: facts.flatMap(({ pageId, person }) => (person ? [personKey({ pageId, person })] : [])),
    pages: facts.flatMap(({ pageId, person, tokenId }) => (person || tokenId ? [] : [pageId])),
  }
  const [ofTokens, ofPersons, ofPages] = await Promise.all([
    tokens.load(ids.tokens),
    persons.load(ids.persons),
    pages.load(ids.pages),
  ])
  const many = [...ofPersons.values(), ...ofPages.values()]
  const seen = [
    ...[...ofTokens.values()].flatMap(({ document }) => document.correction?.facts ?? []),
    ...many.flatMap(({ document: { withdrawals = [] } }) => withdrawals.flatMap((w) => w.facts)),
  ]
  return new Set(seen.map(({ eventId }) => eventId))
}
