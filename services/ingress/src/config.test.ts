import { readSettings } from '@otn/runtime'
import { describe, expect, test } from 'vitest'
import { checkIngress, ingressSettings } from './config.ts'

const GOOD = {
  OTN_MODE: 'test',
  KAFKA_BROKERS: '127.0.0.1:9092',
  KAFKA_REPLICATION_FACTOR: '1',
  META_APP_ID: '77',
  META_APP_SECRET: 'new-secret,old-secret',
  META_VERIFY_TOKEN: 'verify',
  OTN_PERSON_PEPPER: 'test-pepper',
  OTN_MASTER_KEY: `k1:${Buffer.alloc(32).toString('base64')}`,
}

function faultsOf(env: Readonly<Record<string, string>>): readonly string[] {
  const read = readSettings(ingressSettings, { env, readFile: () => '' })
  const faults = 'faults' in read ? read.faults : checkIngress(read.values)
  return faults.map((fault) => fault.env)
}

describe('the settings of the ingress', () => {
  test('need nothing beyond Kafka, Meta and the keys', () => {
    expect(faultsOf(GOOD)).toEqual([])
  })

  test('are refused all at once, each by its name', () => {
    const wrong = {
      ...GOOD,
      META_APP_ID: '',
      META_APP_SECRET: 'a,,b',
      INGRESS_PORT: '70000',
      INGRESS_DEADLINE_MS: '3000',
      INGRESS_BODY_BYTES_MAX: '4194305',
    }
    expect(faultsOf(wrong)).toEqual([
      'META_APP_ID',
      'META_APP_SECRET',
      'INGRESS_PORT',
      'INGRESS_BODY_BYTES_MAX',
      'INGRESS_DEADLINE_MS',
    ])
  })

  test('are refused where they are unsafe together, or a key is too short', () => {
    const { KAFKA_REPLICATION_FACTOR, ...rest } = GOOD
    expect(faultsOf({ ...rest, OTN_MODE: 'production' })).toEqual([])
    expect(faultsOf({ ...GOOD, OTN_MODE: 'production' })).toEqual(['KAFKA_REPLICATION_FACTOR'])
    expect(faultsOf({ ...GOOD, OTN_MASTER_KEY: 'k1:AAAA' })).toEqual(['OTN_MASTER_KEY'])
  })

  test('want a folder for a spool that is on, and may keep one that is off', () => {
    expect(faultsOf({ ...GOOD, INGRESS_SPOOL_DIR: '/spool' })).toEqual([])
    expect(faultsOf({ ...GOOD, INGRESS_SPOOL_AFTER_MS: '300000' })).toEqual(['INGRESS_SPOOL_DIR'])
    const both = { INGRESS_SPOOL_DIR: '/spool', INGRESS_SPOOL_AFTER_MS: '300000' }
    expect(faultsOf({ ...GOOD, ...both })).toEqual([])
  })

  test('leave the disk its time before 3 s where the spool is on', () => {
    const late = { ...GOOD, INGRESS_SPOOL_DIR: '/spool', INGRESS_DEADLINE_MS: '2501' }
    expect(faultsOf(late)).toEqual([])
    const on = { ...late, INGRESS_SPOOL_AFTER_MS: '300000' }
    expect(faultsOf(on)).toEqual(['INGRESS_DEADLINE_MS'])
    expect(faultsOf({ ...on, INGRESS_DEADLINE_MS: '2500' })).toEqual([])
  })

  test('give one app by three settings or several by a file, never both', () => {
    const { META_APP_ID, META_APP_SECRET, META_VERIFY_TOKEN, ...rest } = GOOD
    const three = ['META_APP_ID', 'META_APP_SECRET', 'META_VERIFY_TOKEN']
    expect(faultsOf(rest)).toEqual(three)
    expect(faultsOf({ ...rest, META_APPS_FILE: '/apps.json' })).toEqual([])
    expect(faultsOf({ ...GOOD, META_APPS_FILE: '/apps.json' })).toEqual(three)
    expect(faultsOf({ ...GOOD, META_VERIFY_TOKEN: 'new,,old' })).toEqual(['META_VERIFY_TOKEN'])
  })

  test('may name the fault points of the ingress, and not in production', () => {
    const production = { ...GOOD, OTN_MODE: 'production', KAFKA_REPLICATION_FACTOR: '3' }
    const faults = { OTN_FAULT_POINTS: 'kill:append.after@2,lose:answer' }
    expect(faultsOf({ ...GOOD, ...faults })).toEqual([])
    expect(faultsOf({ ...production, ...faults })).toEqual(['OTN_FAULT_POINTS'])
    expect(faultsOf({ ...GOOD, OTN_FAULT_POINTS: 'kill:claim.before' })).toEqual([
      'OTN_FAULT_POINTS',
    ])
  })
})
