import type { FaultTable } from '@otn/runtime'

const BOTH = ['before', 'after'] as const

/** Where a test may kill or freeze the ingress, or have it lose an answer. */
export const ingressFaultPoints = {
  receive: {
    step: 'I0',
    sides: BOTH,
    canLose: false,
    what: 'the head of a posted webhook is in, and the webhook is let in',
  },
  read: {
    step: 'I1',
    sides: BOTH,
    canLose: false,
    what: 'its body is read',
  },
  verify: {
    step: 'I2',
    sides: BOTH,
    canLose: false,
    what: 'its signature is checked',
  },
  seal: {
    step: 'I2',
    sides: BOTH,
    canLose: false,
    what: 'one of its facts is sealed and encoded',
  },
  append: {
    step: 'I3, I4',
    sides: BOTH,
    canLose: true,
    what: 'one of its records is appended; with fault points on they go one after another',
  },
  acknowledge: {
    step: 'I3, I5',
    sides: BOTH,
    canLose: false,
    what: 'all of its records are appended and acknowledged',
  },
  answer: {
    step: 'I6',
    sides: BOTH,
    canLose: true,
    what: 'the 200 is written; lost: the connection is cut before it',
  },
} as const satisfies FaultTable

/** Passed only while the log is away for long: `test/spool.fault.test.ts` strikes them all. */
export const spoolFaultPoints = {
  spool: {
    step: 'I8',
    sides: BOTH,
    canLose: false,
    what: 'a verified webhook is sealed and put on the spool, its sync included',
  },
  'spool-write': {
    step: 'I8',
    sides: BOTH,
    canLose: false,
    what: 'webhooks that wait together are written to the file of the spool',
  },
  'spool-sync': {
    step: 'I8',
    sides: BOTH,
    canLose: false,
    what: 'that file is synced',
  },
  drain: {
    step: 'I8',
    sides: BOTH,
    canLose: false,
    what: 'one webhook of the spool is taken to the log',
  },
  'spool-remove': {
    step: 'I8',
    sides: BOTH,
    canLose: false,
    what: 'a file of the spool whose webhooks are all on the log is deleted',
  },
} as const satisfies FaultTable

/** What `OTN_FAULT_POINTS` may name. */
export const faultPoints = { ...ingressFaultPoints, ...spoolFaultPoints } as const

export type IngressFaultPoint = keyof typeof faultPoints
