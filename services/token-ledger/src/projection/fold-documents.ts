import { appError } from '@otn/kernel'
import type { Fold, Folds } from '../domain/folds.ts'
import { unknownPage } from '../domain/page.ts'
import { unknownPerson } from '../domain/person.ts'
import { unknownToken } from '../domain/token.ts'
import type { DocumentStore, ReadModel } from '../ports.ts'
import { coverTokens } from './cover-tokens.ts'
import { ROUNDS_MAX } from './rounds-max.ts'

/**
 * Folds facts, in order, into the documents they speak of. Safe to repeat and safe beside other
 * writers: a document that changed meanwhile is read and folded again.
 * @throws OTN_STORE_CONFLICT, OTN_STORE_UNREACHABLE (both retryable: fold the same again)
 */
export async function foldDocuments(model: ReadModel, folds: readonly Folds[]): Promise<void> {
  const [tokens, persons, pages] = [
    folds.flatMap((fold) => fold.tokens ?? []),
    folds.flatMap((fold) => fold.persons ?? []),
    folds.flatMap((fold) => fold.pages ?? []),
  ]
  await Promise.all([
    foldKind(model.tokens, tokens, unknownToken),
    foldKind(model.persons, persons, unknownPerson),
    foldKind(model.pages, pages, unknownPage),
  ])
  await coverTokens(
    model,
    folds.flatMap((fold) => fold.covers ?? []),
  )
}

async function foldKind<T>(
  store: DocumentStore<T>,
  folds: readonly Fold<T>[],
  unknown: T,
): Promise<void> {
  let open = Map.groupBy(folds, ({ id }) => id)
  for (let round = 0; open.size > 0; round += 1) {
    if (round === ROUNDS_MAX) {
      const message = `${open.size} documents changed under the writer ${ROUNDS_MAX} times`
      throw appError('OTN_STORE_CONFLICT', { message })
    }
    const stored = await store.load([...open.keys()])
    const changes = [...open].flatMap(([id, group]) => {
      const { document, revision } = stored.get(id) ?? { document: unknown, revision: null }
      const folded = group.reduce((state, { evolve }) => evolve(state), document)
      return folded === document ? [] : [{ id, revision, document: folded }]
    })
    if (changes.length === 0 || (await store.save(changes)) === 0) return
    open = new Map(changes.map(({ id }) => [id, open.get(id) ?? []]))
  }
}
