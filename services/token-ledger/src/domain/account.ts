import type { AccountLinked, AccountUnlinked } from '@otn/contracts'
import { type AccountId, type EventId, type Latest, latest } from '@otn/kernel'
import { happenedAt } from './happened-at.ts'

/** The accounts of a site that one person linked on one page. */
export interface Accounts {
  /** The account that is linked now; the value null = none. */
  readonly current: Latest<AccountId | null> | null
  /**
   * The last link of each account, also where it was undone since: it is how a link is known to be
   * older than another person's. Ordered by account.
   */
  readonly links: readonly AccountLink[]
}

export interface AccountLink {
  readonly account: AccountId
  readonly at: number
  /** The link's own fact: what `sealed` (psid, externalUserId) is bound to. */
  readonly eventId: EventId
  readonly keyId: string
  readonly sealed: Buffer
}

/** More accounts of one site than anybody has; of more the latest count. */
const LINKS_MAX = 32

const NONE: Accounts = { current: null, links: [] }

/** @param account null = the seal does not open: what was linked before is so no more */
export function linkAccount(
  known: Accounts = NONE,
  event: AccountLinked,
  account: AccountId | null,
): Accounts {
  const { eventId, keyId, sealed } = event
  const at = happenedAt(event)
  const current = latest(known.current, { value: account, at, eventId })
  const link = account === null ? null : { account, at, eventId, keyId, sealed }
  const links = link === null ? known.links : withLink(known.links, link)
  return current === known.current && links === known.links ? known : { current, links }
}

/** Whatever was linked is so no more: the platform names no account. */
export function unlinkAccount(known: Accounts = NONE, event: AccountUnlinked): Accounts {
  const said = { value: null, at: happenedAt(event), eventId: event.eventId }
  const current = latest(known.current, said)
  return current === known.current ? known : { ...known, current }
}

function withLink(links: readonly AccountLink[], link: AccountLink): readonly AccountLink[] {
  const known = links.find(({ account }) => account === link.account)
  // A repeat of the webhook is sealed anew: the first one counts.
  if (known !== undefined && !isLater(link, known)) return links
  const others = links.filter((one) => one !== known)
  const newest = [...others, link].sort((a, b) => (isLater(a, b) ? -1 : 1)).slice(0, LINKS_MAX)
  return newest.sort((a, b) => (a.account < b.account ? -1 : 1))
}

function isLater(a: AccountLink, b: AccountLink): boolean {
  return a.at > b.at || (a.at === b.at && a.eventId < b.eventId)
}

/** Somebody of a page, and what they linked. */
export interface Linking<Key> {
  readonly key: Key
  readonly accounts: Accounts
}

/**
 * Whom an account names: who linked it last, as long as they did not undo it. A link ends those of
 * others for good, so that nobody gets what is meant for the one who took an account over. Of two
 * links within a millisecond nobody knows which was the later: they name nobody.
 */
export function linkedTo<Key>(
  account: AccountId,
  people: readonly Linking<Key>[],
): { readonly key: Key; readonly link: AccountLink } | null {
  const linked = people.flatMap(({ key, accounts }) => {
    const link = accounts.links.find((one) => one.account === account)
    return link === undefined ? [] : [{ key, link, isStanding: standingLink(accounts) === link }]
  })
  const at = Math.max(...linked.map(({ link }) => link.at))
  const [last, ...others] = linked.filter(({ link }) => link.at === at)
  return last?.isStanding && others.length === 0 ? { key: last.key, link: last.link } : null
}

/** The link that the person did not undo; null where there is none. */
export function standingLink({ current, links }: Accounts): AccountLink | null {
  return links.find(({ account }) => account === current?.value) ?? null
}
