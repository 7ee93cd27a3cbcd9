import { describeFaults, printableSettings, readSettings } from '@otn/runtime'
import { describe, expect, test } from 'vitest'
import { checkDispatcher, dispatcherSettings } from './config.ts'
import { notifySettings } from './notifying-settings.ts'

const env = {
  KAFKA_BROKERS: 'kafka:9092',
  MONGODB_URI: 'mongodb://user:planted-password@mongo/?replicaSet=rs0',
  OTN_PERSON_PEPPER: 'planted-pepper',
  OTN_MASTER_KEY: `k1:${Buffer.alloc(32).toString('base64')}`,
  OTN_API_KEYS_FILE: '/keys.json',
  META_APP_ID: '1',
  META_APP_SECRET: 'planted-secret,planted-older',
  DISPATCHER_LEDGER_URL: 'http://ledger',
  DISPATCHER_LEDGER_API_KEY: 'planted-key',
}

function read(more: Readonly<Record<string, string>> = {}) {
  const result = readSettings(dispatcherSettings, { env: { ...env, ...more }, readFile: () => '' })
  if ('faults' in result) throw new Error(describeFaults(result.faults))
  return result.values
}

describe('the settings', () => {
  test('are safe as they are', () => {
    expect(checkDispatcher(read())).toEqual([])
  })

  test.each([
    [{ DISPATCHER_CALL_TIMEOUT_MS: '26000' }, 'DISPATCHER_CALL_TIMEOUT_MS'],
    [{ DISPATCHER_LEASE_MS: '48000' }, 'DISPATCHER_CALL_TIMEOUT_MS'],
    [{ DISPATCHER_APPEND_TIMEOUT_MS: '30000' }, 'DISPATCHER_APPEND_TIMEOUT_MS'],
    [{ DISPATCHER_SETTLE_MS: '39999' }, 'DISPATCHER_SETTLE_MS'],
    [{ DISPATCHER_TOKEN_USED_CODES: '100,x' }, 'DISPATCHER_TOKEN_USED_CODES'],
    [{ DISPATCHER_KINDS_OFF: 'image,fax' }, 'DISPATCHER_KINDS_OFF'],
    [{ DISPATCHER_ROUTES_OFF: 'tag' }, 'DISPATCHER_ROUTES_OFF'],
    [{ DISPATCHER_TAGS: 'HUMAN_AGENT,1:X' }, 'DISPATCHER_TAGS'],
    [{ GRAPH_VERSION: '21' }, 'GRAPH_VERSION'],
    [{ OTN_MASTER_KEY: 'k1:short' }, 'OTN_MASTER_KEY'],
    [{ KAFKA_REPLICATION_FACTOR: '1' }, 'KAFKA_REPLICATION_FACTOR'],
    [{ OTN_CLOCK_URL: 'http://clock' }, 'OTN_CLOCK_URL'],
    [{ OTN_FAULT_POINTS: 'kill:claim.before' }, 'OTN_FAULT_POINTS'],
    [{ OTN_FAULT_POINTS: 'kill:append.before', OTN_MODE: 'test' }, 'OTN_FAULT_POINTS'],
  ])('%j is refused', (more, name) => {
    expect(checkDispatcher(read(more)).map((fault) => fault.env)).toEqual([name])
  })

  test('name kinds, routes and granted tags in lists', () => {
    const lists = {
      ...{ DISPATCHER_KINDS_OFF: 'audio, video', DISPATCHER_ROUTES_OFF: 'TAG' },
      DISPATCHER_TAGS: 'HUMAN_AGENT,1000:ACCOUNT_UPDATE',
    }
    expect(notifySettings(read(lists))).toEqual({
      ...{ kindsOff: ['audio', 'video'], routesOff: ['TAG'], windowGuard: 'refuse' },
      ...{ personalData: 'flag', sensitiveWords: 'flag' },
      tags: [
        { pageId: null, tag: 'HUMAN_AGENT' },
        { pageId: '1000', tag: 'ACCOUNT_UPDATE' },
      ],
    })
    const strict = { DISPATCHER_CONTENT_PERSONAL_DATA: 'refuse' }
    expect(notifySettings(read(strict))).toMatchObject({
      ...{ personalData: 'refuse', sensitiveWords: 'flag' },
    })
    expect(() => read({ DISPATCHER_CONTENT_SENSITIVE_WORDS: 'off' })).toThrow('refuse')
    expect(notifySettings(read())).toMatchObject({ kindsOff: [], routesOff: [], tags: [] })
  })

  test('may settle quickly in tests, where nobody is at the other end', () => {
    const more = { OTN_MODE: 'test', DISPATCHER_SETTLE_MS: '100' }
    expect(checkDispatcher(read(more))).toEqual([])
  })

  test('may name fault points in tests', () => {
    const more = { OTN_MODE: 'test', OTN_FAULT_POINTS: 'kill:call.wire@2,lose:catch-up' }
    expect(checkDispatcher(read(more)).map(({ got }) => got)).toEqual(['"lose:catch-up"'])
    const good = { ...more, OTN_FAULT_POINTS: 'kill:call.wire@2,lose:decide' }
    expect(checkDispatcher(read(good))).toEqual([])
  })

  test('are printed without their secrets', () => {
    const printed = JSON.stringify(printableSettings(dispatcherSettings, read()))
    expect(printed).not.toContain('planted')
  })
})
