/** What must hold once everything has ended: nothing lost, verdicts true, each attempt closed. */
import type { NotificationEvent } from '@otn/contracts'
import { compareClaims, compareReadModel } from './compare-with-log.ts'
import { FINAL } from './judge-parts.ts'
import { judgeTokens } from './judge-tokens.ts'
import { idOf, rawOf } from './send-request.ts'
import type { Universe } from './universe.ts'

export async function judgeAtRest(universe: Universe): Promise<void> {
  const { judge } = universe
  for (const id of judge.commands.keys()) judgeCommand(universe, id)
  judgeOptIns(universe)
  judgeTokens(universe)
  await compareClaims(universe)
  await compareReadModel(universe)
}

function judgeCommand({ judge, claims, faults }: Universe, id: string): void {
  const facts = judge.facts.filter(
    ({ commandId, type }) => commandId === id && type !== 'CommandRejected',
  )
  const [final] = facts.filter(({ type }) => FINAL.has(type))
  // What is told twice, the second time late, says nothing new.
  const told = [...Map.groupBy(facts, ({ eventId }) => eventId).values()].flatMap(
    ([fact]) => fact ?? [],
  )
  const last = told.findLast(({ type }) => type !== 'NotificationScheduled')
  if (!final && last?.type !== 'NotificationInDoubt') {
    judge.violate('each command gets a verdict', `${id}: ${last?.type}`)
  }
  const wasEmptied = faults.struck.has('emptied')
  judgeClosings({ facts, id, wasEmptied }, (detail) =>
    judge.violate('each attempt is closed once', detail),
  )
  const isProven = judge.proofs.some(({ actor, commandId }) => actor.isAlive && commandId === id)
  if (isProven && final?.type !== 'NotificationSent') {
    judge.violate('a 200 that somebody heard is told as sent', `${id}: ${final?.type}`)
  }
  const contested = claims.all().find(({ isContested, command }) => isContested && command.final)
  if (contested) judge.violate('no token is contested', contested.id)
}

const KNOWN_NOT_SENT = ['NotificationScheduled', 'NotificationFailed'] as const

interface Life {
  readonly facts: readonly NotificationEvent[]
  readonly id: string
  readonly wasEmptied: boolean
}

/**
 * A doubt may be settled by one final fact; nothing else may close an attempt twice. Where a store
 * was emptied, who had a decision in hand may tell it after the log alone left nothing but a doubt.
 */
function judgeClosings({ facts, id, wasEmptied }: Life, violate: (detail: string) => void): void {
  const attempts = facts.filter(({ type }) => type === 'NotificationAttempted')
  for (const { attempt } of attempts) {
    const own = facts.filter((fact) => fact.attempt === attempt)
    const types = new Set(own.map(({ type }) => type))
    types.delete('NotificationAttempted')
    const isDoubt = types.has('NotificationInDoubt')
    if (isDoubt) types.delete('NotificationSent')
    if (isDoubt && wasEmptied) for (const type of KNOWN_NOT_SENT) types.delete(type)
    if (types.size !== 1) violate(`${id}, attempt ${attempt}: ${[...types].join(', ') || 'open'}`)
  }
}

/** An opt-in that was answered with 200 is on the log and in the read model. */
function judgeOptIns({ judge, kafka, bytes, ledgerDatabase }: Universe): void {
  const logged = new Set<string>()
  for (const partition of [0, 1]) {
    for (const { value } of kafka.log({ topic: 'optIn', partition })) {
      const decoded = bytes.codec.decode('OptInReceived', value)
      if (decoded.kind === 'known') logged.add(rawOf(decoded.value.tokenId))
    }
  }
  for (const raw of judge.acknowledgedTokens) {
    if (!logged.has(raw)) judge.violate('no acknowledged opt-in is lost', raw)
    else if (!ledgerDatabase.documents.tokens.has(idOf(raw))) {
      judge.violate('every opt-in of the log is folded', raw)
    }
  }
}
