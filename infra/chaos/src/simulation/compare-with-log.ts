/** Live databases against ones that are made anew from nothing but the log. */
import { isDeepStrictEqual } from 'node:util'
import type { Records, TopicAlias } from '@otn/contracts'
import {
  type Commands,
  createContents,
  ofRequestEvent,
  onNotificationEvent,
} from '@otn/dispatcher/decisions'
import { foldDocuments, LEDGER_TOPICS, type WithdrawalScope } from '@otn/token-ledger/decisions'
import { Claims } from './claims.ts'
import { partitionsOf } from './kafka.ts'
import { ledgerHandlers } from './ledger.ts'
import { KINDS, type Kind, LedgerDatabase } from './ledger-database.ts'
import { SETTINGS } from './settings.ts'
import type { Universe } from './universe.ts'

export async function compareClaims(universe: Universe): Promise<void> {
  const { claims, bytes, judge } = universe
  const rebuilt = new Claims({ nowMs: () => 0, firstRevision: () => 1 })
  const contents = createContents(bytes.vault)
  const fold = onNotificationEvent({
    ...{ contents, calls: SETTINGS.calls },
    commands: directly(rebuilt),
  })
  const facts = records(universe, 'notification').flatMap(({ value }) => {
    const decoded = bytes.codec.decode('NotificationEvent', value)
    return decoded.kind === 'known' ? decoded.value : []
  })
  const ofRequests = records(universe, 'optInRequestEvent').flatMap(({ value }) => {
    const decoded = bytes.codec.decode('OptInRequestEvent', value)
    return decoded.kind === 'known' ? ofRequestEvent(decoded.value) : []
  })
  await fold([...facts, ...ofRequests])
  for (const live of claims.all()) {
    const [told, logged] = [toldOf(live), toldOf(rebuilt.read(live.id))]
    if (!isDeepStrictEqual(told, logged)) {
      judge.violate('claims are equal to the log', differing(told, logged))
    }
  }
}

export async function compareReadModel(universe: Universe): Promise<void> {
  const { ledgerDatabase, bytes, judge } = universe
  const rebuilt = new LedgerDatabase(() => 0)
  const model = {
    ...{ tokens: at('tokens'), persons: at('persons'), pages: at('pages') },
    tokensWithin: async (scope: WithdrawalScope) => rebuilt.tokensWithin(scope),
  }
  for (const topic of LEDGER_TOPICS) {
    const handle = ledgerHandlers[topic] as (event: Records[RecordName]) => Folds
    const folds = records(universe, topic).flatMap(({ value }) => {
      const decoded = bytes.codec.decode(RECORDS[topic], value)
      return decoded.kind === 'known' ? handle(decoded.value) : []
    })
    await foldDocuments(model, folds)
  }
  for (const kind of KINDS) {
    const [live, other] = [ledgerDatabase.documents[kind], rebuilt.documents[kind]]
    for (const [id, { document }] of other) {
      const known = live.get(id)?.document
      if (isDeepStrictEqual(known, document)) continue
      const detail = `${kind} ${id}: ${differing(known, document)}`
      judge.violate('the read model is equal to the log', detail)
    }
    if (live.size !== other.size) judge.violate('the read model is equal to the log', kind)
  }

  function at(kind: Kind) {
    const stored = rebuilt.documents[kind] as Map<string, never>
    return {
      load: async (ids: readonly string[]) =>
        new Map(ids.flatMap((id) => (stored.has(id) ? [[id, stored.get(id) as never]] : []))),
      save: async (changes: readonly Parameters<LedgerDatabase['save']>[1][]) => {
        for (const change of changes) rebuilt.save(kind, change)
        return 0
      },
    }
  }
}

type Folds = Parameters<typeof foldDocuments>[1][number]
const RECORDS = {
  page: 'PageEvent',
  engagement: 'EngagementEvent',
  optIn: 'OptInReceived',
  notification: 'NotificationEvent',
  optInRequestEvent: 'OptInRequestEvent',
  token: 'TokenEvent',
} as const
type RecordName = (typeof RECORDS)[keyof typeof RECORDS]

function records({ kafka }: Universe, topic: TopicAlias) {
  return partitionsOf(topic).flatMap((partition) => kafka.log({ topic, partition }))
}

/** What the log says of a command; two copies of one may differ in when it was asked for. */
function toldOf(document: ReturnType<Claims['read']>): object | null {
  if (document === null) return null
  const { requestedAt: _, ...told } = document.command
  return told
}

function differing(one: unknown, other: unknown): string {
  return `${JSON.stringify(one)} ≠ ${JSON.stringify(other)}`
}

/** A store that nothing lies between. */
function directly(claims: Claims): Commands {
  const none = () => Promise.reject(new Error('a fold changes many'))
  return {
    ...{ read: none, change: none, settle: none, holderOf: none },
    changeAll: async (ids, decide) => {
      for (const id of ids) {
        const known = claims.read(id)
        const change = decide(id, known)
        if (change === null) continue
        const from = known?.revision ?? 0
        const step = { from, to: from + 1 }
        if (claims.write(id, step, change) !== 'token-taken') continue
        const document = { ...change.document, isContested: true }
        claims.write(id, step, { ...change, document })
      }
    },
  }
}
