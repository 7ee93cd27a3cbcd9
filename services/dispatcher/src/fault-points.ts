import type { FaultTable } from '@otn/runtime'

const BOTH = ['before', 'after'] as const

/** Where a test may kill or freeze the dispatcher, or have it lose an answer. */
export const dispatcherFaultPoints = {
  record: {
    step: 'C0',
    sides: BOTH,
    canLose: true,
    what: 'commands of one batch are recorded in MongoDB',
  },
  cursor: {
    step: 'C0, K13–K14',
    sides: BOTH,
    canLose: true,
    what: 'the cursor in MongoDB moves behind a batch of commands',
  },
  commit: {
    step: 'C0, K14',
    sides: BOTH,
    canLose: true,
    what: 'the Kafka offset of the commands is committed, a hint',
  },
  ask: {
    step: 'K0',
    sides: BOTH,
    canLose: true,
    what: 'the ledger is asked for candidates',
  },
  claim: {
    step: 'C1, K0–K2, K15a',
    sides: BOTH,
    canLose: true,
    what: 'a document goes to `attempting` and holds its token',
  },
  intend: {
    step: 'C2, K2–K3, K20',
    sides: BOTH,
    canLose: true,
    what: '`NotificationAttempted` is appended, with what closes the attempt before it',
  },
  gate: {
    step: 'C2, K4',
    sides: BOTH,
    canLose: true,
    what: 'generation and withdrawals are read right before a call',
  },
  call: {
    step: 'C3, K4–K9, K15b',
    sides: ['before', 'wire', 'after'],
    canLose: true,
    what: 'the Send API is called; `wire`: the last look said yes, no byte has left',
  },
  decide: {
    step: 'C4, K9',
    sides: BOTH,
    canLose: true,
    what: 'a document takes what an outcome, a refusal or a wait decides about it',
  },
  tell: {
    step: 'C5, K10',
    sides: BOTH,
    canLose: true,
    what: 'decided facts are appended, those of an attempt that begins excepted',
  },
  mark: {
    step: 'C5, K11–K12',
    sides: BOTH,
    canLose: true,
    what: 'a document notes that its facts are told',
  },
  fold: {
    step: 'K10–K11',
    sides: BOTH,
    canLose: true,
    what: 'notification events are folded back into documents, at the start and for good',
  },
  echo: {
    step: 'C4 by an echo',
    sides: BOTH,
    canLose: true,
    what: 'an echo settles a document, at the start and for good',
  },
  steer: {
    step: 'campaign',
    sides: BOTH,
    canLose: true,
    what: 'a campaign takes what a command, or its end, decides about it',
  },
  walk: {
    step: 'campaign',
    sides: BOTH,
    canLose: true,
    what: 'a campaign moves behind people whose notifications are recorded',
  },
  'catch-up': {
    step: 'start',
    sides: BOTH,
    canLose: false,
    what: 'one stream of our own is folded to its end: facts, receipts, token events',
  },
} as const satisfies FaultTable

export type DispatcherFaultPoint = keyof typeof dispatcherFaultPoints
