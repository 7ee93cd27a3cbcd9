/** A refusal says what the books lack; the log shows whether they did. */
import { type Place, placeText } from '../audit-record.ts'
import { type AuditState, personKeyOf } from '../audit-state.ts'
import type { Fact } from '../fact.ts'
import type { Grant } from '../token-facts.ts'
import { type CommandRule, ofCommand } from './rule.ts'

/**
 * `no-live-token` says that no token of the person was ever given for the topic: one that is spent,
 * held or expired has a reason of its own. A stale answer must not say so (design 5).
 */
export const refusedInSpite: CommandRule = (command, { state, limits }) => {
  const refusal = command.facts.find(
    ({ kind, reason }) => kind === 'failed' && reason === 'no-live-token',
  )
  const asked = command.asked.find(({ digest }) => digest === refusal?.digest)
  if (refusal === undefined || asked === undefined) return []
  const isBefore = ({ timestampMs }: Place) =>
    timestampMs + limits.replicaGraceMs < asked.place.timestampMs
  const grant = grantsFor(state, refusal).find(({ place }) => isBefore(place))
  if (grant === undefined) return []
  const detail = `asked for at ${placeText(asked.place)}, granted at ${placeText(grant.place)}`
  return [ofCommand('refused-in-spite', command, { detail, place: refusal.place })]
}

/** What the person agreed to for the topic; a token whose topic was corrected proves nothing. */
function grantsFor(state: AuditState, { pageId, person, topic }: Fact): readonly Grant[] {
  if (person === null) return []
  const tokens = [...(state.granted.get(personKeyOf(pageId, person)) ?? [])]
  return tokens
    .flatMap((id) => state.tokens.get(id) ?? [])
    .filter(({ topics }) => topics.length === 0)
    .flatMap(({ grants }) => grants)
    .filter((grant) => grant.pageId === pageId && grant.person === person && grant.topic === topic)
}
