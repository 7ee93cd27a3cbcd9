import { readSettings } from '@otn/runtime'
import { describe, expect, test } from 'vitest'
import { MASTER_KEY, PEPPER } from '../test/identity.ts'
import { checkRegistry, registrySettings } from './config.ts'

const env = {
  ...{ OTN_MODE: 'test', KAFKA_BROKERS: 'kafka:9092', MONGODB_URI: 'mongodb://mongo:27017' },
  ...{ OTN_PERSON_PEPPER: PEPPER, OTN_MASTER_KEY: MASTER_KEY, OTN_API_KEYS_FILE: 'keys.json' },
  ...{ META_APP_ID: '77', META_APP_SECRET: 'secret', META_VERIFY_TOKEN: 'verify' },
  REGISTRY_CALLBACK_URL: 'https://here/webhook',
}

function faultsOf(more: Readonly<Record<string, string>>): readonly string[] {
  const read = readSettings(registrySettings, { env: { ...env, ...more }, readFile: () => '' })
  const faults = 'faults' in read ? read.faults : checkRegistry(read.values)
  return faults.map((fault) => fault.env)
}

describe('the settings', () => {
  test('are sound with an address, an app and the engines', () => {
    expect(faultsOf({})).toEqual([])
  })

  test('[S1-22] want the opt-in field, under either name', () => {
    expect(faultsOf({ REGISTRY_FIELDS: 'messages' })).toEqual(['REGISTRY_FIELDS'])
    expect(faultsOf({ REGISTRY_FIELDS: 'messages,message_optins' })).toEqual([])
  })

  test('refuse a virtual clock in production', () => {
    const production = { OTN_MODE: 'production', OTN_CLOCK_URL: 'http://clock' }
    expect(faultsOf(production)).toEqual(['OTN_CLOCK_URL'])
  })
})
