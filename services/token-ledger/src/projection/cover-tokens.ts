/**
 * Brings withdrawals by person or topic into the tokens that they cover. Both sides write before
 * they look: who folds a consent writes the token, then reads person and page; who folds a
 * withdrawal writes person or page, then looks for tokens. Whichever comes first, the other one
 * sees it, so no order between Kafka topics, partitions or processes leaves a token uncovered.
 */
import { appError, type TokenId } from '@otn/kernel'
import type { Cover } from '../domain/folds.ts'
import { unknownPage } from '../domain/page.ts'
import { unknownPerson } from '../domain/person.ts'
import { personKey } from '../domain/person-key.ts'
import { coverToken, type TokenDocument } from '../domain/token.ts'
import type { WithdrawalScope } from '../domain/withdrawal-scope.ts'
import type { Change, ReadModel, Versioned } from '../ports.ts'
import { ROUNDS_MAX } from './rounds-max.ts'

/** Tokens of one withdrawal that are read and written at once. */
const AT_ONCE = 500

/** Idempotent. @throws OTN_STORE_CONFLICT, OTN_STORE_UNREACHABLE (both retryable) */
export async function coverTokens(model: ReadModel, covers: readonly Cover[]): Promise<void> {
  const ids = new Set(covers.flatMap((cover) => ('tokenId' in cover ? [cover.tokenId] : [])))
  await coverEach(model, [...ids])
  for (const cover of covers) {
    if ('scope' in cover) await coverScope(model, cover.scope)
  }
}

async function coverScope(model: ReadModel, scope: WithdrawalScope): Promise<void> {
  const found = await model.tokensWithin(scope)
  for (let from = 0; from < found.length; from += AT_ONCE) {
    await coverEach(model, found.slice(from, from + AT_ONCE))
  }
}

async function coverEach(model: ReadModel, ids: readonly TokenId[]): Promise<void> {
  let open: readonly string[] = ids
  for (let round = 0; open.length > 0; round += 1) {
    if (round === ROUNDS_MAX) {
      const message = `${open.length} tokens changed under the writer ${ROUNDS_MAX} times`
      throw appError('OTN_STORE_CONFLICT', { message })
    }
    const changes = await coverings(model, open)
    if (changes.length === 0 || (await model.tokens.save(changes)) === 0) return
    open = changes.map(({ id }) => id)
  }
}

/** Tokens first, what covers them after: a withdrawal written in between is then seen. */
async function coverings(
  { tokens, persons, pages }: ReadModel,
  ids: readonly string[],
): Promise<readonly Change<TokenDocument>[]> {
  const stored = await tokens.load(ids)
  const shown = [...stored].flatMap(([id, { document, revision }]) => {
    const { consent } = document
    return consent === null ? [] : [{ id, document, revision, consent }]
  })
  if (shown.length === 0) return []
  const [people, known] = await Promise.all([
    persons.load(unique(shown.map(({ consent }) => personKey(consent)))),
    pages.load(unique(shown.map(({ consent }) => consent.pageId))),
  ])
  return shown.flatMap(({ id, document, revision, consent }) => {
    const person = documentOf(people, personKey(consent)) ?? unknownPerson
    const page = documentOf(known, consent.pageId) ?? unknownPage
    const covered = coverToken(document, { person, page })
    return covered === document ? [] : [{ id, revision, document: covered }]
  })
}

function documentOf<T>(found: ReadonlyMap<string, Versioned<T>>, id: string): T | undefined {
  return found.get(id)?.document
}

function unique(ids: readonly string[]): readonly string[] {
  return [...new Set(ids)]
}
