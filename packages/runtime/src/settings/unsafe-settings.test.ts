import { expect, test } from 'vitest'
import { unsafeSettings } from './unsafe-settings.ts'

const production = { mode: 'production', clockUrl: null, faultPoints: null, replicationFactor: 3 }

test('production runs on its own clock and on three copies', () => {
  expect(unsafeSettings(production)).toEqual([])
  const faults = unsafeSettings({ ...production, clockUrl: 'http://h/clock', replicationFactor: 1 })
  expect(faults.map(({ env }) => env)).toEqual(['OTN_CLOCK_URL', 'KAFKA_REPLICATION_FACTOR'])
})

test('production has no fault points', () => {
  const faults = unsafeSettings({ ...production, faultPoints: 'kill:claim.before' })
  expect(faults.map(({ env }) => env)).toEqual(['OTN_FAULT_POINTS'])
})

test('demo and test mode may do with less', () => {
  const less = { clockUrl: 'http://h/clock', faultPoints: 'lose:call', replicationFactor: 1 }
  expect(unsafeSettings({ ...less, mode: 'demo' })).toEqual([])
  expect(unsafeSettings({ ...less, mode: 'test' })).toEqual([])
})

test('production shows no password on the way to an engine', () => {
  const plain = { kafkaSsl: false, kafkaSaslMechanism: 'plain' }
  const registry = { schemaRegistryUrl: 'http://r', schemaRegistryUsername: 'u' }
  const faults = unsafeSettings({ ...production, ...plain, ...registry })
  expect(faults.map(({ env }) => env)).toEqual(['KAFKA_SASL_MECHANISM', 'SCHEMA_REGISTRY_URL'])
  const safe = { kafkaSsl: true, schemaRegistryUrl: 'https://r' }
  expect(unsafeSettings({ ...production, ...plain, ...registry, ...safe })).toEqual([])
})
