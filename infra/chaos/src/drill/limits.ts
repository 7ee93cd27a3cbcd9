import { defaultLimits, type Limits } from '@otn/auditor'

/** One broker takes its records in one order and shows them in it; replicas may lag. */
export function limitsFor(replicationFactor: number): Limits {
  return replicationFactor === 1 ? { ...defaultLimits, replicaGraceMs: 0 } : defaultLimits
}
