/**
 * The fault points, put around the ports where they are joined: no handler and no adapter knows of
 * them. While no faults are wanted each seam hands back the very port it was given.
 */
import type { Subscription } from '@otn/bus'
import { busAnswerLost, type Faults } from '@otn/runtime'
import { MongoNetworkError } from 'mongodb'
import { reaching } from '../adapters/connect-mongodb.ts'
import type { LedgerFaultPoint } from '../fault-points.ts'
import type { Facts, Parking } from '../log-ports.ts'
import type { DocumentStore, ReadModel, RebuildSite, Rebuilds, Store } from '../ports.ts'
import type { DoorOptions } from './open-door.ts'

type Points = Faults<LedgerFaultPoint>
type OnBatch = Subscription['onBatch']
type Route = DoorOptions['routes'][number]

export interface Seams {
  readonly onBatch: (handle: OnBatch) => OnBatch
  readonly commits: Pick<Subscription, 'aroundCommit'>
  readonly parking: (parking: Parking) => Parking
  readonly facts: (facts: Facts) => Facts
  readonly store: (store: Store) => Store
  readonly rebuilds: (rebuilds: Rebuilds) => Rebuilds
  /** Of the route that answers the dispatcher. */
  readonly candidates: (route: Route) => Route
}

/** Carries out the operation of a point. */
type At = (
  point: LedgerFaultPoint,
  lost?: () => Promise<never>,
) => <T>(work: () => Promise<T>) => Promise<T>

export function seamsWith(points: Points | null): Seams {
  if (points === null) return NONE
  const at: At =
    (point, lost = storeLost) =>
    (work) =>
      points.around(point, work, lost)
  return {
    onBatch: (handle) => (batch) => at('batch')(() => handle(batch)),
    commits: { aroundCommit: at('commit', busAnswerLost) },
    parking: ({ park }) => ({
      park: (messages) => at('park', busAnswerLost)(() => park(messages)),
    }),
    facts: ({ tell }) => ({
      tell: (facts) => at('tell', busAnswerLost)(() => tell(facts)),
    }),
    store: (store) => ({
      ...store,
      now: async () => {
        const { cursors, model, ...rest } = await store.now()
        const move: typeof cursors.move = (step) => at('cursor')(() => cursors.move(step))
        return { ...rest, model: modelWith(model, at), cursors: { ...cursors, move } }
      },
    }),
    rebuilds: (rebuilds) => ({
      ...rebuilds,
      begin: async () => {
        const site = await at('rebuild')(() => rebuilds.begin())
        return site && siteWith(site, at)
      },
    }),
    candidates: (route) => (app, parts) => {
      const ask: typeof parts.served.ask = (question) =>
        at('answer')(() => parts.served.ask(question))
      route(app, { ...parts, served: { ask } })
    },
  }
}

const same = <T>(port: T): T => port

const NONE: Seams = {
  onBatch: same,
  commits: {},
  parking: same,
  facts: same,
  store: same,
  rebuilds: same,
  candidates: same,
}

function modelWith({ tokens, persons, pages, tokensWithin }: ReadModel, at: At): ReadModel {
  return {
    tokensWithin: (scope) => at('load')(() => tokensWithin(scope)),
    tokens: documentsWith(tokens, at),
    persons: documentsWith(persons, at),
    pages: documentsWith(pages, at),
  }
}

function documentsWith<T>(documents: DocumentStore<T>, at: At): DocumentStore<T> {
  return {
    load: (ids, view) => at('load')(() => documents.load(ids, view)),
    save: (changes) => at('apply')(() => documents.save(changes)),
  }
}

function siteWith(site: RebuildSite, at: At): RebuildSite {
  const step = at('rebuild')
  return {
    ...site,
    served: { ...site.served, model: modelWith(site.served.model, at) },
    rebuilt: modelWith(site.rebuilt, at),
    freeze: () => step(() => site.freeze()),
    compare: () => step(() => site.compare()),
    swap: (offsets) => step(() => site.swap(offsets)),
    dropServed: () => step(() => site.dropServed()),
  }
}

function storeLost(): Promise<never> {
  return reaching(Promise.reject(new MongoNetworkError('the answer was lost')))
}
