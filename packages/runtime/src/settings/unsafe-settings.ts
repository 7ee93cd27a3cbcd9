import type { SettingFault } from './read-settings.ts'

const SAFE_REPLICATION = 3

interface Checked {
  readonly mode: string
  readonly clockUrl: string | null
  /** Null too for a program that has none. */
  readonly faultPoints: string | null
  readonly replicationFactor: number
}

/** How engines are logged in to; left out by programs that reach none. */
interface Logins {
  readonly kafkaSsl?: boolean
  readonly kafkaSaslMechanism?: string
  readonly schemaRegistryUrl?: string | null
  readonly schemaRegistryUsername?: string | null
}

/** What production must not run with, though each value is well-formed by itself. */
export function unsafeSettings(values: Checked & Logins): readonly SettingFault[] {
  if (values.mode !== 'production') return []
  const faults: SettingFault[] = [...passwordsInClear(values)]
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

/** A password that anybody on the way can read. SCRAM alone does not show it. */
function* passwordsInClear(values: Logins): Iterable<SettingFault> {
  const { kafkaSsl, kafkaSaslMechanism, schemaRegistryUrl, schemaRegistryUsername } = values
  if (kafkaSaslMechanism === 'plain' && kafkaSsl === false) {
    const got = 'plain without TLS in production mode'
    const wanted = 'KAFKA_SSL=true, or a scram mechanism'
    yield { env: 'KAFKA_SASL_MECHANISM', got, wanted, example: 'scram-sha-512' }
  }
  if (schemaRegistryUsername && schemaRegistryUrl?.startsWith('http:')) {
    const got = 'a user over http in production mode'
    yield { env: 'SCHEMA_REGISTRY_URL', got, wanted: 'https', example: 'https://registry' }
  }
}
