/** What the ledger's query API answers, from a database in memory. */
import { kafkaTopics } from '@otn/contracts'
import type { LedgerAnswer, LedgerQuestion } from '@otn/dispatcher/decisions'
import { appError, type Clock, type PersonId, personId, tokenId as tokenIdOf } from '@otn/kernel'
import {
  answerCandidates,
  type LedgerTopic,
  type ListedToken,
  type Served,
  tokenView,
} from '@otn/token-ledger/decisions'
import { identity } from './bytes.ts'
import { partitionOf } from './kafka.ts'
import type { LedgerDatabase } from './ledger-database.ts'
import { offsetsOf } from './offsets.ts'
import { SETTINGS } from './settings.ts'

type Parts = Parameters<typeof answerCandidates>[1]['parts']

const nameOf = (topic: LedgerTopic) => kafkaTopics[topic].name

interface Answering extends Pick<Served, 'model' | 'cursors'> {
  readonly ledgerDatabase: LedgerDatabase
  readonly clock: Clock
}

/** @throws where it cannot answer now */
export async function candidateAnswer(
  { ledgerDatabase, clock, model, cursors }: Answering,
  { pageId, psid, tokenId, topic }: LedgerQuestion,
): Promise<LedgerAnswer> {
  const parts = {
    ...{ identity, nameOf, partitionOf, tapOpensWindow: false, candidateTokensMax: 20 },
    calendar: () => ({ nowMs: clock.nowMs(), marginMs: SETTINGS.expiryMarginMs }),
  } as unknown as Parts
  const candidates: Served['queries']['candidates'] = async ({ people }) =>
    listed(ledgerDatabase, new Set(people.map(({ person }) => person)))
  const queries = { candidates } as unknown as Served['queries']
  const item = {
    pageId,
    ...(psid === null ? {} : { psid }),
    ...(tokenId === null ? {} : { tokenId }),
    ...(topic === null ? {} : { topic }),
  }
  const [found] = await answerCandidates([item], { served: { model, cursors, queries }, parts })
  if (!found) throw appError('OTN_HTTP_UNAVAILABLE', { message: 'no answer' })
  return {
    ...{
      person: found.person === null ? null : personId(found.person),
      asOf: offsetsOf(found, partitionOf),
      windowOpenUntil: found.windowOpenUntil,
      withdrewAt: found.withdrewAt,
    },
    tokens: found.tokens.map((token) => ({
      ...token,
      tokenId: tokenIdOf(token.tokenId),
      sealed: Buffer.from(token.sealed, 'base64'),
    })),
  }
}

/** The fold's own view of each token of these people; a page mixed up is the answer's to see. */
function listed(
  ledgerDatabase: LedgerDatabase,
  people: ReadonlySet<PersonId>,
): readonly ListedToken[] {
  return ledgerDatabase.tokens().flatMap(([id, document]) => {
    const { consent } = document
    const view = consent && people.has(consent.person) ? tokenView(document) : null
    if (view === null || consent === null) return []
    return [{ tokenId: identity.token(view.pageId, id), view, consent }]
  })
}
