import {
  type AccountId,
  type PageId,
  type PersonId,
  pageId,
  pageScopedUserId,
  tokenId,
} from '@otn/kernel'
import { type AccountLink, linkedTo } from '../domain/account.ts'
import { type Candidate, candidateOf, inTryingOrder } from '../domain/candidates.ts'
import type { Calendar } from '../domain/expiry.ts'
import { type PageDocument, pageStanding, unknownPage } from '../domain/page.ts'
import {
  type PersonDocument,
  threadOwnedSince,
  threadOwner,
  unknownPerson,
  windowOpenUntil,
} from '../domain/person.ts'
import { personKey } from '../domain/person-key.ts'
import { tokenView } from '../domain/token.ts'
import { liveFrom } from '../domain/token-filter.ts'
import { withdrawnAt } from '../domain/withdrawal.ts'
import type { LedgerTopic, ListedToken, Offsets, PersonOnPage, Served } from '../ports.ts'
import type { CandidateAnswer, CandidateItem } from './candidates-schema.ts'
import { namedOffsets } from './named-offsets.ts'
import type { QueryParts } from './query-parts.ts'

/** What decides whether a refusal would rest on a stale answer (design 5). */
const DECIDING = ['optIn', 'engagement', 'notification', 'optInRequestEvent', 'token'] as const

/** An item with whom it speaks of; person null = nobody knows. */
interface Wanted {
  readonly pageId: PageId
  readonly person: PersonId | null
  readonly topic: string | undefined
  /** Given where the item names a token: then nothing else is a candidate. */
  readonly only: ListedToken | null | undefined
  /** Given where the item names an account; null = nobody's. */
  readonly link?: AccountLink | null
}

/** Everything the answers are made of, read after the offsets. */
interface Found {
  readonly offsets: Offsets
  readonly calendar: Calendar
  readonly tokens: ReadonlyMap<string, readonly ListedToken[]>
  readonly persons: ReadonlyMap<string, { readonly document: PersonDocument }>
  readonly pages: ReadonlyMap<string, { readonly document: PageDocument }>
}

/** Answers items in their order. */
export async function answerCandidates(
  items: readonly CandidateItem[],
  { served, parts }: { readonly served: Served; readonly parts: QueryParts },
): Promise<CandidateAnswer[]> {
  // Before any document is read: an answer may hold more than it promises, never less.
  const offsets = await served.cursors.readAll()
  const [byId, byAccount] = await Promise.all([
    tokensById(items, served),
    linkedPeople(items, { served, parts }),
  ])
  const wanted = items.map((item) => wantedOf(item, { byId, byAccount, parts }))
  const people = wanted.flatMap(({ pageId: page, person }) =>
    person === null ? [] : [{ pageId: page, person }],
  )
  const calendar = parts.calendar()
  const search = { liveFrom: liveFrom(calendar), tokensMax: parts.candidateTokensMax }
  const [tokens, persons, pages] = await Promise.all([
    people.length === 0 ? [] : served.queries.candidates({ people, ...search }),
    served.model.persons.load(people.map(personKey), 'newest'),
    served.model.pages.load(
      wanted.map(({ pageId: page }) => page),
      'newest',
    ),
  ])
  const grouped = Map.groupBy(tokens, ({ view }) => personKey(view))
  const found = { offsets, calendar, tokens: grouped, persons, pages }
  return wanted.map((item) => answerOf(item, { found, parts }))
}

async function tokensById(
  items: readonly CandidateItem[],
  { model }: Served,
): Promise<ReadonlyMap<string, ListedToken>> {
  const ids = items.flatMap((item) => item.tokenId ?? [])
  const known = new Map<string, ListedToken>()
  if (ids.length === 0) return known
  for (const [id, { document }] of await model.tokens.load(ids, 'newest')) {
    const [view, { consent }] = [tokenView(document), document]
    if (view !== null && consent !== null) known.set(id, { tokenId: tokenId(id), view, consent })
  }
  return known
}

/** Whom each account names now. */
async function linkedPeople(
  items: readonly CandidateItem[],
  {
    served: { queries },
    parts: { identity },
  }: { readonly served: Served; readonly parts: QueryParts },
): Promise<LinkedPeople> {
  const accounts = items.flatMap(({ pageId: page, externalUserId }) =>
    externalUserId === undefined ? [] : [identity.account(pageId(page), externalUserId)],
  )
  if (accounts.length === 0) return new Map()
  const people = await queries.linking(accounts)
  return new Map(accounts.map((account) => [account, linkedTo(account, people)]))
}

type LinkedPeople = ReadonlyMap<AccountId, ReturnType<typeof linkedTo<PersonOnPage>>>

interface Lookups {
  readonly byId: ReadonlyMap<string, ListedToken>
  readonly byAccount: LinkedPeople
  readonly parts: QueryParts
}

function wantedOf(item: CandidateItem, { byId, byAccount, parts: { identity } }: Lookups): Wanted {
  const page = pageId(item.pageId)
  const base = { pageId: page, topic: item.topic }
  if (item.psid !== undefined) {
    const person = identity.person(page, pageScopedUserId(item.psid))
    return { ...base, person, only: undefined }
  }
  if (item.externalUserId !== undefined) {
    const linked = byAccount.get(identity.account(page, item.externalUserId)) ?? null
    if (linked === null) return { ...base, person: null, only: null, link: null }
    return { ...base, person: linked.key.person, only: undefined, link: linked.link }
  }
  const token = byId.get(item.tokenId ?? '')
  // A token of another page is as good as none.
  const isOurs = token !== undefined && token.view.pageId === page
  return isOurs
    ? { ...base, person: token.view.person, only: token }
    : { ...base, person: null, only: null }
}

function answerOf(
  wanted: Wanted,
  { found, parts }: { readonly found: Found; readonly parts: QueryParts },
): CandidateAnswer {
  const { pageId: page, person, topic } = wanted
  const key = person === null ? null : personKey({ pageId: page, person })
  const about = (key === null ? undefined : found.persons.get(key)?.document) ?? unknownPerson
  const chosen = candidatesOf(wanted, { found, key }).slice(0, parts.candidateTokensMax)
  return {
    ...asOf(wanted, { found, parts }),
    person,
    ...(wanted.link ? { account: sealedLink(wanted.link) } : {}),
    windowOpenUntil: windowOpenUntil(about, parts),
    withdrewAt: withdrawnAt(about.withdrawals ?? [], { topic: topic ?? null, grantedAt: 0 }),
    threadOwner: threadOwner(about),
    threadOwnedSince: threadOwnedSince(about),
    pageStanding: pageStanding(found.pages.get(page)?.document ?? unknownPage),
    tokens: chosen.map(({ sealed, ...token }) => ({ ...token, sealed: sealed.toString('base64') })),
  }
}

/** A named token whatever its topic, so that a mismatch can be told; else those of the topic. */
function candidatesOf(
  { only, topic }: Wanted,
  { found, key }: { readonly found: Found; readonly key: string | null },
): readonly Candidate[] {
  if (only !== undefined) return only === null ? [] : [candidateOf(only, found.calendar)]
  const tokens = (key === null ? undefined : found.tokens.get(key)) ?? []
  const ofTopic = tokens.filter(({ view }) => topic === undefined || view.topic === topic)
  return inTryingOrder(ofTopic.map((token) => candidateOf(token, found.calendar)))
}

function sealedLink({ eventId, keyId, sealed }: AccountLink) {
  return { eventId, keyId, sealed: sealed.toString('base64') }
}

/** An account may be linked by anybody, so of it the partition of one person decides nothing. */
function asOf(
  { person, link }: Wanted,
  { found, parts }: { readonly found: Found; readonly parts: QueryParts },
): Pick<CandidateAnswer, 'asOf' | 'asOfAll'> {
  const { nameOf, partitionOf } = parts
  if (person === null || link !== undefined) {
    return { asOf: {}, asOfAll: namedOffsets(found.offsets, { topics: DECIDING, nameOf }) }
  }
  const next = (topic: LedgerTopic) => found.offsets[topic][partitionOf(topic, person)] ?? 0n
  const entries = DECIDING.map((topic) => [nameOf(topic), String(next(topic))])
  return { asOf: Object.fromEntries(entries) }
}
