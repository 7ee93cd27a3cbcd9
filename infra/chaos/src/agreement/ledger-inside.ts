/** The ledger's folds and answers over a database in memory; it has always read everything. */
import type { Ledger } from '@otn/dispatcher/decisions'
import type { Clock } from '@otn/kernel'
import {
  foldDocuments,
  LEDGER_TOPICS,
  type LedgerTopic,
  perTopic,
  type Served,
  type WithdrawalScope,
} from '@otn/token-ledger/decisions'
import { ledgerHandlers } from '../simulation/ledger.ts'
import { candidateAnswer } from '../simulation/ledger-answer.ts'
import { type Kind, LedgerDatabase } from '../simulation/ledger-database.ts'
import type { InnerLog } from './inner-log.ts'

type Model = Served['model']

export function startLedgerInside(log: InnerLog, clock: Clock): Ledger {
  let revisions = 0
  const ledgerDatabase = new LedgerDatabase(() => {
    revisions += 1_000
    return revisions
  })
  ledgerDatabase.prepare('agreement', LEDGER_TOPICS)
  const model = modelOf(ledgerDatabase)
  for (const topic of LEDGER_TOPICS) follow(log, topic, model)
  const cursors = {
    readAll: async () => perTopic(() => [0n, 0n]),
  } as unknown as Served['cursors']
  return { ask: (question) => candidateAnswer({ ledgerDatabase, clock, model, cursors }, question) }
}

function follow<Topic extends LedgerTopic>(log: InnerLog, topic: Topic, model: Model): void {
  log.read(topic, (value) => foldDocuments(model, [ledgerHandlers[topic](value as never)]))
}

function modelOf(database: LedgerDatabase): Model {
  const documents = (kind: Kind) => ({
    load: async (ids: readonly string[]) => {
      const stored = database.documents[kind]
      return new Map(
        ids.flatMap((id) => {
          const known = stored.get(id)
          return known === undefined ? [] : [[id, known] as const]
        }),
      )
    },
    save: async (changes: readonly Parameters<LedgerDatabase['save']>[1][]) =>
      changes.filter((change) => !database.save(kind, change)).length,
  })
  return {
    tokens: documents('tokens'),
    persons: documents('persons'),
    pages: documents('pages'),
    tokensWithin: async (scope: WithdrawalScope) => database.tokensWithin(scope),
  } as unknown as Model
}
