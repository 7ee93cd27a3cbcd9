import type {
  AccountLinked,
  AccountUnlinked,
  ConsentWithdrawn,
  EngagementEvent,
  OptInReceived,
} from '@otn/contracts'
import { type AccountId, assertNever, DAY_MS, type Latest, latest } from '@otn/kernel'
import { type Accounts, linkAccount, unlinkAccount } from './account.ts'
import { type Entry, type EntryEvent, withEntry } from './entry.ts'
import { happenedAt } from './happened-at.ts'
import { type Withdrawals, withdraw } from './withdrawal.ts'

/** A person on one page: their 24-hour window and who owns the thread. */
export interface PersonDocument {
  /** Written by opt-in events. */
  readonly consent: { readonly tappedAt: number } | null
  /** Written by engagement events. */
  readonly engagement: Engagement | null
  /** Written by token events; left out where the person withdrew nothing. */
  readonly withdrawals?: Withdrawals
  /** Accounts of the page's site; left out where the person never linked one. */
  readonly accounts?: Accounts
  /** How the person came to the page; left out where nobody said. */
  readonly entries?: readonly Entry[]
}

interface Engagement {
  /** The latest act that opens the window, ms since the epoch. */
  readonly engagedAt: number | null
  /** App that owns the thread; the value null = nobody, no value = nobody ever said. */
  readonly threadOwner: Latest<string | null> | null
}

const NOTHING: Engagement = { engagedAt: null, threadOwner: null }
const WINDOW_MS = DAY_MS
/** What opens the standard window (design 10); an act of a kind unknown to us opens nothing. */
const OPENING: ReadonlySet<string> = new Set(['message', 'postback', 'quick-reply', 'reaction'])

export const unknownPerson: PersonDocument = { consent: null, engagement: null }

/** A tap on Notify Me; whether it opens the window is asked at the time of a question. */
export function foldTap(
  person: PersonDocument,
  { grantedAt }: Pick<OptInReceived, 'grantedAt'>,
): PersonDocument {
  const known = person.consent
  if (known !== null && known.tappedAt >= grantedAt) return person
  return { ...person, consent: { tappedAt: grantedAt } }
}

export function foldEngagement(person: PersonDocument, event: EngagementEvent): PersonDocument {
  const known = person.engagement ?? NOTHING
  const { engagedAt, threadOwner } = engaged(known, event)
  if (engagedAt === known.engagedAt && threadOwner === known.threadOwner) return person
  return { ...person, engagement: { engagedAt, threadOwner } }
}

/** @param account null = the seal of the link does not open */
export function foldLink(
  person: PersonDocument,
  event: AccountLinked,
  account: AccountId | null,
): PersonDocument {
  const accounts = linkAccount(person.accounts, event, account)
  return accounts === person.accounts ? person : { ...person, accounts }
}

export function foldUnlink(person: PersonDocument, event: AccountUnlinked): PersonDocument {
  const accounts = unlinkAccount(person.accounts, event)
  return accounts === person.accounts ? person : { ...person, accounts }
}

export function foldEntry(person: PersonDocument, event: EntryEvent): PersonDocument {
  const entries = withEntry(person.entries ?? [], event)
  return entries === person.entries ? person : { ...person, entries }
}

/** The person wants no more messages, of one topic or of any. */
export function foldPersonWithdrawal(
  person: PersonDocument,
  event: ConsentWithdrawn,
): PersonDocument {
  const withdrawals = withdraw(person.withdrawals ?? [], event)
  return withdrawals === person.withdrawals ? person : { ...person, withdrawals }
}

/** End of the 24-hour window, ms since the epoch; null where the person never opened one. */
export function windowOpenUntil(
  { consent, engagement }: PersonDocument,
  { tapOpensWindow }: { readonly tapOpensWindow: boolean },
): number | null {
  const acts = [engagement?.engagedAt ?? null, tapOpensWindow ? (consent?.tappedAt ?? null) : null]
  const last = acts.reduce<number | null>((latest, act) => later(latest, act), null)
  return last === null ? null : last + WINDOW_MS
}

export function threadOwner({ engagement }: PersonDocument): string | null {
  return engagement?.threadOwner?.value ?? null
}

/** When it came to own the thread, ms since the epoch; null where nobody does. */
export function threadOwnedSince(person: PersonDocument): number | null {
  return threadOwner(person) === null ? null : (person.engagement?.threadOwner?.at ?? null)
}

function engaged(known: Engagement, event: EngagementEvent): Engagement {
  switch (event.type) {
    case 'PersonEngaged': {
      if (!OPENING.has(event.kind)) return known
      return { ...known, engagedAt: later(known.engagedAt, happenedAt(event)) }
    }
    case 'ThreadControlChanged': {
      const said = { value: event.newOwnerAppId ?? null, eventId: event.eventId }
      return {
        ...known,
        threadOwner: latest(known.threadOwner, { ...said, at: happenedAt(event) }),
      }
    }
    case 'ReferralReceived':
    case 'PluginOptInReceived':
    case 'AccountLinked':
    case 'AccountUnlinked':
      return known
    default:
      return assertNever(event)
  }
}

function later(a: number | null, b: number | null): number | null {
  return a === null ? b : Math.max(a, b ?? a)
}
