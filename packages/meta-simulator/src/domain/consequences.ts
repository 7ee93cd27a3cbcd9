/** What an act or an event changes on the Graph side, beside being told. */
import type { PageEventHappened, PersonActed } from './facts.ts'
import type { GraphFact } from './graph-facts.ts'
import { owned } from './set-up/thread-control.ts'

/** A checked box gives an address to write to. */
export function consequencesOfAct({ act, pageId, psid, atMs }: PersonActed): readonly GraphFact[] {
  if (act.kind !== 'checkbox-opt-in') return []
  const { userRef: value } = act
  return [{ type: 'AddressGiven', form: 'user_ref', value, pageId, psid, givenAtMs: atMs }]
}

/** Threads change hands, and a page that Meta blocks is restricted until it is unblocked. */
export function consequencesOfEvent(fact: PageEventHappened): readonly GraphFact[] {
  const { event, pageId, psid, atMs } = fact
  switch (event.kind) {
    case 'pass-thread-control':
    case 'take-thread-control':
      return psid === null ? [] : [owned({ pageId, psid, appId: event.newOwnerAppId, nowMs: atMs })]
    case 'policy-enforcement': {
      if (event.action === 'warning') return []
      const standing = event.action === 'block' ? 'restricted' : 'good'
      return [{ type: 'PageStandingChanged', pageId, standing }]
    }
    default:
      return []
  }
}
