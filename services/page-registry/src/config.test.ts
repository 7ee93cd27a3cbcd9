import { readSettings } from '@otn/runtime'
import { describe, expect, test } from 'vitest'
import { MASTER_KEY, PEPPER } from '../test/identity.ts'
import { checkRegistry, newestSecrets, registrySettings } from './config.ts'

const env = {
  ...{ OTN_MODE: 'test', KAFKA_BROKERS: 'kafka:9092', MONGODB_URI: 'mongodb://mongo:27017' },
  ...{ OTN_PERSON_PEPPER: PEPPER, OTN_MASTER_KEY: MASTER_KEY, OTN_API_KEYS_FILE: 'keys.json' },
  ...{ META_APP_ID: '77', META_APP_SECRET: 'secret', META_VERIFY_TOKEN: 'verify' },
  REGISTRY_CALLBACK_URL: 'https://here/webhook',
}

const readWith = (more: Readonly<Record<string, string>>) =>
  readSettings(registrySettings, { env: { ...env, ...more }, readFile: () => '' })

function faultsOf(more: Readonly<Record<string, string>>): readonly string[] {
  const read = readWith(more)
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

  test('show the platform the newest of several verify tokens, and refuse an empty one', () => {
    const read = readWith({ META_VERIFY_TOKEN: 'new, old', META_APP_SECRET: 'newer,older' })
    if ('faults' in read) throw new Error('they are sound')
    const { appSecret, verifyToken } = newestSecrets(read.values)
    expect([verifyToken.reveal(), appSecret.reveal()]).toEqual(['new', 'newer'])
    expect(faultsOf({ META_VERIFY_TOKEN: 'new,' })).toEqual(['META_VERIFY_TOKEN'])
  })

  test('refuse a virtual clock in production', () => {
    const production = { OTN_MODE: 'production', OTN_CLOCK_URL: 'http://clock' }
    expect(faultsOf(production)).toEqual(['OTN_CLOCK_URL'])
  })
})
