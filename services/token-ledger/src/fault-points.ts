import type { FaultTable } from '@otn/runtime'

const BOTH = ['before', 'after'] as const

/** Where a test may kill or freeze the token-ledger, or have it lose an answer. */
export const ledgerFaultPoints = {
  batch: {
    step: 'after fetch',
    sides: BOTH,
    canLose: false,
    what: 'a fetched batch is handled, whatever comes of it',
  },
  park: {
    step: 'schema unknown',
    sides: BOTH,
    canLose: true,
    what: 'records that no retry can help are parked',
  },
  load: {
    step: 'two owners',
    sides: BOTH,
    canLose: true,
    what: 'the documents of one kind are read, to be folded upon; a rebuild does so too',
  },
  apply: {
    step: 'middle of a batch',
    sides: BOTH,
    canLose: true,
    what: 'one bulk write of folded documents of one kind; a rebuild does so too',
  },
  cursor: {
    step: 'offset not stored',
    sides: BOTH,
    canLose: true,
    what: 'the cursor in MongoDB moves behind a batch',
  },
  commit: {
    step: 'stored, not committed',
    sides: BOTH,
    canLose: true,
    what: 'the Kafka offset of a batch is committed, a hint',
  },
  tell: {
    step: 'C5',
    sides: BOTH,
    canLose: true,
    what: 'facts of the ledger are told: withdrawals, notices of expiry',
  },
  answer: {
    step: 'K0',
    sides: BOTH,
    canLose: false,
    what: 'candidates are looked up for the dispatcher',
  },
  rebuild: {
    step: 'replay beside live',
    sides: BOTH,
    canLose: true,
    what: 'a rebuild takes its steps: 1 begin, 2 freeze, 3 compare, 4 swap, 5 drop the old version',
  },
} as const satisfies FaultTable

export type LedgerFaultPoint = keyof typeof ledgerFaultPoints
