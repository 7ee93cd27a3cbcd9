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

export type IngressFaultPoint = keyof typeof ingressFaultPoints
