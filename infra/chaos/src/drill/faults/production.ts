/** One fault per service with the values of production: a minute's lease, sessions of 30 s. */
import type { Exercise } from '../exercise.ts'
import { strikePoint } from './points.ts'

export const productionExercises: readonly Exercise[] = [
  { service: 'ingress', action: 'kill', point: 'acknowledge', side: 'after' },
  { service: 'token-ledger', action: 'kill', point: 'apply', side: 'after' },
  { service: 'dispatcher', action: 'kill', point: 'call', side: 'after' },
  { service: 'dispatcher', action: 'freeze', point: 'call', side: 'wire' },
].map((strike) =>
  strikePoint({ ...strike, family: 'production', pass: 1 } as Parameters<typeof strikePoint>[0]),
)
