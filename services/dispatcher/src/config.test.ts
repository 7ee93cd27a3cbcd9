import { pageId } from '@otn/kernel'
import { describeFaults, printableSettings, readSettings } from '@otn/runtime'
import { describe, expect, test } from 'vitest'
import { checkDispatcher, dispatcherSettings } from './config.ts'
import { notifySettings } from './notifying-settings.ts'
import { dayBudgetOf } from './pacing-settings.ts'
import { quietHoursOf } from './quiet-settings.ts'

const ZONE = { DISPATCHER_TIME_ZONES: 'UTC' }

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
    [{ DISPATCHER_ENGAGED_USERS: '5000,0' }, 'DISPATCHER_ENGAGED_USERS'],
    [{ DISPATCHER_ENGAGED_USERS: '5000,10' }, 'DISPATCHER_ENGAGED_USERS'],
    [{ DISPATCHER_QUIET_HOURS: '22-8', ...ZONE }, 'DISPATCHER_QUIET_HOURS'],
    [{ DISPATCHER_QUIET_HOURS: '24:00-08:00', ...ZONE }, 'DISPATCHER_QUIET_HOURS'],
    [{ DISPATCHER_QUIET_HOURS: '08:00-08:00', ...ZONE }, 'DISPATCHER_QUIET_HOURS'],
    [{ DISPATCHER_QUIET_HOURS: '22:00-08:00,9=off,9=off', ...ZONE }, 'DISPATCHER_QUIET_HOURS'],
    [{ DISPATCHER_QUIET_HOURS: '22:00-08:00' }, 'DISPATCHER_TIME_ZONES'],
    [
      { DISPATCHER_QUIET_HOURS: '22:00-08:00', DISPATCHER_TIME_ZONES: '9=UTC' },
      'DISPATCHER_TIME_ZONES',
    ],
    [{ DISPATCHER_TIME_ZONES: 'Europe/Atlantis' }, 'DISPATCHER_TIME_ZONES'],
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

  test('name quiet hours and zones for all pages and for one', () => {
    const quietUntil = quietHoursOf(
      read({
        DISPATCHER_QUIET_HOURS: '22:00-08:00, 8=12:00-13:00, 9=off',
        DISPATCHER_TIME_ZONES: 'Europe/Zurich, 8=Asia/Tokyo',
      }),
    )
    const at = (page: string, text: string, timeZone: string | null = null) => {
      const end = quietUntil({ pageId: pageId(page), timeZone, nowMs: Date.parse(text) })
      return end && new Date(end).toISOString()
    }
    const night = '2026-06-01T03:30:00Z'
    expect(at('7', night)).toBe('2026-06-01T06:00:00.000Z')
    expect([at('8', night), at('9', night)]).toEqual(['2026-06-01T04:00:00.000Z', null])
    expect(at('7', '2026-06-01T06:00:00Z')).toBeNull()
    // A person's own zone counts, with the hours of the page.
    expect(at('7', night, 'Asia/Tokyo')).toBeNull()
    expect(at('7', '2026-06-01T14:00:00Z', 'Asia/Tokyo')).toBe('2026-06-01T23:00:00.000Z')
    expect(at('9', night, 'Europe/Zurich')).toBeNull()
    expect(quietHoursOf(read())({ pageId: pageId('7'), nowMs: Date.parse(night) })).toBeNull()
  })

  test('name how many calls a page has in a day, by the people that it can message', () => {
    const budget = dayBudgetOf(read({ DISPATCHER_ENGAGED_USERS: '5000, 9=10' }))
    expect([budget(pageId('8')), budget(pageId('9'))]).toEqual([1_000_000, 2_000])
    expect(dayBudgetOf(read())(pageId('8'))).toBeNull()
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
