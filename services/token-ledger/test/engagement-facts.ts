/** How people came and which accounts they linked, as the ingress writes it, sealed for real. */
import type {
  AccountLinked,
  AccountUnlinked,
  PluginOptInReceived,
  ReferralReceived,
} from '@otn/contracts'
import { type EventId, type PersonId, pageId } from '@otn/kernel'
import { createAccountOf } from '../src/adapters/accounts-vault.ts'
import { createPersonalVault } from '../src/adapters/personal-vault.ts'
import { type Fact, identity, PAGE, personOf, vault } from './facts.ts'

export const accountOf = createAccountOf({
  ...{ vault: createPersonalVault(vault, identity), identity, tell: { linkUnreadable: () => {} } },
})

interface Act {
  readonly psid: string
  readonly at: number
  readonly page?: string
}

function heading(type: string, { psid, at, page = PAGE }: Act, what = '') {
  const person = personOf(psid, page)
  const eventId = identity.event(type, pageId(page), [psid, String(at), what])
  return { eventId, pageId: pageId(page), person, at, occurredAt: at }
}

const sealedFor = (
  { eventId, person }: { readonly eventId: EventId; readonly person: PersonId },
  content: Readonly<Record<string, string>>,
) => vault.seal(content, { record: 'EngagementEvent', eventId, owner: person })

export function linked(act: Act, externalUserId: string): Fact<AccountLinked> {
  const about = heading('AccountLinked', act, externalUserId)
  const sealed = sealedFor(about, { psid: act.psid, externalUserId })
  return { key: about.person, value: { type: 'AccountLinked', ...about, ...sealed } }
}

export function unlinked(act: Act): Fact<AccountUnlinked> {
  const about = heading('AccountUnlinked', act)
  const sealed = sealedFor(about, { psid: act.psid })
  return { key: about.person, value: { type: 'AccountUnlinked', ...about, ...sealed } }
}

export function referred(
  act: Act,
  { source, ref }: { readonly source: string | null; readonly ref: string },
): Fact<ReferralReceived> {
  const about = heading('ReferralReceived', act, ref)
  const sealed = sealedFor(about, { psid: act.psid, ref })
  return { key: about.person, value: { type: 'ReferralReceived', source, ...about, ...sealed } }
}

export function pluggedIn(
  act: Act,
  content: { readonly ref?: string; readonly userRef?: string },
): Fact<PluginOptInReceived> {
  const about = heading('PluginOptInReceived', act)
  const sealed = sealedFor(about, { psid: act.psid, ...content })
  return { key: about.person, value: { type: 'PluginOptInReceived', ...about, ...sealed } }
}
