import { tokenId } from '@otn/kernel'
import type { Document, Filter } from 'mongodb'
import type { Consent } from '../domain/consent.ts'
import type { NoticeBorder } from '../domain/notice.ts'
import type { TokenView } from '../domain/token.ts'
import type { TopicCount } from '../domain/topic-summary.ts'
import type {
  AudienceCount,
  AudienceQuestion,
  CandidateSearch,
  ListedToken,
  Queries,
  TokenFilter,
} from '../ports.ts'
import { reaching } from './connect-mongodb.ts'
import { fromBson } from './document-bson.ts'
import type { Stored } from './documents-mongodb.ts'
import { filterOf, SHOWN } from './filter-mongodb.ts'
import { linkingIn } from './linking-mongodb.ts'
import { personsIn } from './persons-mongodb.ts'
import type { Version } from './versions-mongodb.ts'

const LISTED = { view: 1, consent: 1 }

/** @param timeoutMs limit of one query at the server */
export function queriesIn(
  { tokens, persons }: Pick<Version['collections'], 'tokens' | 'persons'>,
  timeoutMs: number,
): Queries {
  // After the cursors, which a majority has seen: the primary itself is then never behind them.
  const limits = { maxTimeMS: timeoutMs, readConcern: { level: 'local' } } as const
  return {
    list: async (filter, { after, limit }) => {
      const found = tokens
        .find(filterOf(filter, after), { ...limits, projection: LISTED })
        .hint(indexFor(filter))
        .sort({ 'view.grantedAt': 1, _id: 1 })
        .limit(limit)
      return (await reaching(found.toArray())).map(listedToken)
    },
    persons: (filter, page) => personsIn(tokens, { filter, page, limits }),
    candidates: async (search) => {
      const pipeline = candidatesPipeline(search)
      const found = tokens.aggregate(pipeline, { ...limits, hint: 'person' })
      const groups = await reaching(found.toArray())
      return groups.flatMap((group) => group.tokens.map(listedToken))
    },
    linking: (accounts) => linkingIn(persons, { accounts, limits }),
    countByTopic: async (page, liveFrom) => {
      const pipeline = countPipeline(page, liveFrom)
      const counts = tokens.aggregate<TopicCount>(pipeline, { ...limits, hint: 'topic' })
      return reaching(counts.toArray())
    },
    audience: async (question) => {
      const found = tokens.aggregate<AudienceCount>(audiencePipeline(question), {
        ...limits,
        hint: 'topic-person',
      })
      const [count] = await reaching(found.toArray())
      return count ?? { persons: 0, tokens: 0, expiring: 0 }
    },
    owedNotice: async (borders, limit) => {
      const filter = { 'view.state': 'live', $or: borders.map(beyondBorder) }
      const found = tokens.find(filter, { ...limits, projection: LISTED }).limit(limit)
      return (await reaching(found.toArray())).map(listedToken)
    },
    owedWithdrawal: async (limit) => {
      const filter = { 'view.isWithdrawalOwed': true }
      const found = tokens.find(filter, { ...limits, projection: LISTED }).limit(limit)
      return (await reaching(found.toArray())).map(listedToken)
    },
  }
}

function listedToken({ _id, view, consent }: Document): ListedToken {
  const parts = { view: fromBson<TokenView>(view), consent: fromBson<Consent>(consent) }
  return { tokenId: tokenId(_id), ...parts }
}

function indexFor({ person, topic }: TokenFilter): string {
  if (person !== undefined) return 'person'
  return topic === undefined ? 'state' : 'topic'
}

function beyondBorder({ after, grantedBefore }: NoticeBorder): Filter<Stored> {
  return { 'view.noticed': after, 'view.grantedAt': { $lt: new Date(grantedBefore) } }
}

const isLiveFrom = (liveFrom: number) => ({
  $and: [{ $eq: ['$view.state', 'live'] }, { $gte: ['$view.grantedAt', new Date(liveFrom)] }],
})

/** As of now: what is still live in the store and was granted before has expired. */
const stateFrom = (liveFrom: number) => {
  const isOver = { $lt: ['$view.grantedAt', new Date(liveFrom)] }
  const isExpired = { $and: [{ $eq: ['$view.state', 'live'] }, isOver] }
  return { $cond: [isExpired, 'expired', '$view.state'] }
}

/** The first `tokensMax` per person and topic: nobody's heap of spent tokens comes. */
function candidatesPipeline({ people, liveFrom, tokensMax }: CandidateSearch): Document[] {
  const sortBy = { rank: 1, 'view.refusals': 1, 'view.grantedAt': 1, _id: 1 }
  return [
    {
      $match: {
        ...SHOWN,
        'view.pageId': { $in: [...new Set(people.map(({ pageId }) => pageId))] },
        'view.person': { $in: [...new Set(people.map(({ person }) => person))] },
      },
    },
    { $project: { ...LISTED, rank: { $cond: [isLiveFrom(liveFrom), 0, 1] } } },
    {
      $group: {
        _id: { page: '$view.pageId', person: '$view.person', topic: '$view.topic' },
        tokens: { $topN: { n: tokensMax, sortBy, output: '$$ROOT' } },
      },
    },
  ]
}

/** One person after another: their tokens, and whether the youngest of them expires soon. */
function audiencePipeline({ pageId, topic, liveFrom, soonFrom }: AudienceQuestion): Document[] {
  const isSoon = { $lt: ['$last', new Date(soonFrom)] }
  return [
    { $match: filterOf({ pageId, topic, state: 'live', grantedFrom: liveFrom }) },
    {
      $group: {
        _id: '$view.person',
        tokens: { $sum: 1 },
        last: { $max: '$view.grantedAt' },
      },
    },
    {
      $group: {
        _id: null,
        persons: { $sum: 1 },
        tokens: { $sum: '$tokens' },
        expiring: { $sum: { $cond: [isSoon, 1, 0] } },
      },
    },
    { $project: { _id: 0 } },
  ]
}

function countPipeline(page: string, liveFrom: number): Document[] {
  return [
    { $match: { ...SHOWN, 'view.pageId': page } },
    {
      $group: {
        _id: { topic: '$view.topic', state: stateFrom(liveFrom) },
        tokens: { $sum: 1 },
      },
    },
    { $project: { _id: 0, topic: '$_id.topic', state: '$_id.state', tokens: 1 } },
    { $sort: { topic: 1, state: 1 } },
  ]
}
