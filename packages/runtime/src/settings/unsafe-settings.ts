import type { SettingFault } from './read-settings.ts'

const SAFE_REPLICATION = 3

interface Checked {
  readonly mode: string
  readonly clockUrl: string | null
  /** Null too for a program that has none. */
  readonly faultPoints: string | null
  readonly replicationFactor: number
}

/** What production must not run with, though each value is well-formed by itself. */
export function unsafeSettings(values: Checked): readonly SettingFault[] {
  if (values.mode !== 'production') return []
  const faults: SettingFault[] = []
  if (values.clockUrl !== null) {
    faults.push({
      env: 'OTN_CLOCK_URL',
      got: 'a virtual clock in production mode',
      wanted: 'no virtual clock, or OTN_MODE=demo',
      example: '',
    })
  }
  if (values.faultPoints !== null) {
    faults.push({
      env: 'OTN_FAULT_POINTS',
      got: 'fault points in production mode',
      wanted: 'no fault points, or OTN_MODE=test',
      example: '',
    })
  }
  if (values.replicationFactor < SAFE_REPLICATION) {
    faults.push({
      env: 'KAFKA_REPLICATION_FACTOR',
      got: `${values.replicationFactor} in production mode`,
      wanted: 'at least 3, or OTN_MODE=demo',
      example: '3',
    })
  }
  return faults
}
