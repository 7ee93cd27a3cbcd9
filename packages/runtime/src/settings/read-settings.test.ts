import { describe, expect, test } from 'vitest'
import { describeFaults, printableSettings, readSettings } from './read-settings.ts'
import {
  choice,
  flag,
  integer,
  list,
  milliseconds,
  optionalText,
  optionalUrl,
  secret,
  unless,
  url,
} from './setting.ts'

const declarations = {
  port: integer({ env: 'X_PORT', min: 0, max: 65_535, default: '0', sentence: 'Port.' }),
  wait: milliseconds({ env: 'X_WAIT_MS', min: 1, max: 5_000, sentence: 'Wait.' }),
  mode: choice({ env: 'X_MODE', of: ['a', 'b'], default: 'a', sentence: 'Mode.' }),
  hosts: list({ env: 'X_HOSTS', default: 'h:1', sentence: 'Hosts.' }),
  on: flag({ env: 'X_ON', default: 'false', sentence: 'On.' }),
  key: secret({
    env: 'X_KEY',
    check: (value) => (value.length < 8 ? `${value.length} characters, 8 wanted` : null),
    sentence: 'Key.',
  }),
  base: url({ env: 'X_BASE', protocols: ['http:'], default: 'http://u:p@h', sentence: 'Base.' }),
  clock: optionalUrl({ env: 'X_CLOCK', protocols: ['http:'], sentence: 'Clock.' }),
  prefix: optionalText({ env: 'X_PREFIX', sentence: 'Prefix.' }),
}
const noFile = (_path: string): string => {
  throw new Error('no file')
}
const read = (env: Record<string, string>, readFile = noFile) =>
  readSettings(declarations, { env, readFile })
const good = { X_WAIT_MS: '20', X_KEY: 'long-enough' }

describe('settings', () => {
  test('are read with their defaults', () => {
    const result = read(good)
    expect('values' in result && result.values).toMatchObject({
      port: 0,
      wait: 20,
      mode: 'a',
      hosts: ['h:1'],
      on: false,
      clock: null,
      prefix: null,
    })
  })

  test('all faults come at once, each with its name, what came, what was wanted and an example', () => {
    const result = read({
      X_PORT: '70000',
      X_MODE: 'c',
      X_KEY: 'short',
      X_BASE: 'ftp://h',
      X_ON: 'yes',
    })
    if (!('faults' in result)) return expect.unreachable()
    const report = describeFaults(result.faults)
    expect(result.faults.map(({ env }) => env)).toEqual([
      'X_PORT',
      'X_WAIT_MS',
      'X_MODE',
      'X_ON',
      'X_KEY',
      'X_BASE',
    ])
    expect(report).toContain('6 settings are wrong; nothing was started')
    expect(report).toContain('got     "70000"')
    expect(report).toContain('a whole number from 0 to 65535')
    expect(report).toContain('got     missing')
  })

  test('of which one stands for another are given as the one or the other, never both', () => {
    const one = unless('X_FILE', secret({ env: 'X_KEY', sentence: 'Key.' }))
    const either = { one, file: optionalText({ env: 'X_FILE', sentence: 'Keys.' }) }
    const of = (env: Record<string, string>) =>
      readSettings(either, { env, readFile: () => 'from-the-file' })
    expect(of({ X_FILE: '/f' })).toEqual({ values: { one: null, file: '/f' } })
    expect(of({ X_KEY: 'k' })).toMatchObject({ values: { file: null } })
    for (const wrong of [{}, { X_FILE: '/f', X_KEY: 'k' }, { X_FILE: '/f', X_KEY_FILE: '/k' }]) {
      expect(of(wrong)).toMatchObject({ faults: [{ env: 'X_KEY' }] })
    }
  })

  test.each([
    ['mongodb://mongo-1:27017,mongo-2:27017,mongo-3:27017/?replicaSet=rs0', true],
    ['mongodb://us%2Cer:p@mongo-1:1,mongo-2:2/otn', true],
    ['mongodb+srv://cluster.example.net/', true],
    ['mongodb://,mongo-2:27017/', false],
    ['mongodb://mongo-1:27017,/', false],
    ['http://mongo-1,mongo-2/', false],
  ])('of a replica set lists its members: %s is %s', (uri, isTaken) => {
    const sentence = 'Store.'
    const store = url({ env: 'X_STORE', protocols: ['mongodb:', 'mongodb+srv:'], sentence })
    const result = readSettings({ store }, { env: { X_STORE: uri }, readFile: noFile })
    expect('values' in result && result.values.store === uri).toBe(isTaken)
  })

  test.each([
    ['ftp://user:hunt/er2@h', 'ftp://[secret]@h'],
    ['ftp://user:hunt er2@h', 'ftp://[secret]@h'],
    ['user:hunter2@h', '"[secret]@h'],
    ['http:user:hunt//er2@h', '"[secret]@h'],
    ['http:user:hunter2@h', '"[secret]@h'],
  ])('a wrong address is shown without the credentials in it: %s', (uri, shown) => {
    const result = read({ ...good, X_BASE: uri })
    const report = 'faults' in result ? describeFaults(result.faults) : ''
    expect(report).toContain(shown)
    expect(report).not.toMatch(/hunt|er2/)
  })

  test('a wrong secret is described, never repeated', () => {
    const result = read({ ...good, X_KEY: 'hunter2' })
    const report = 'faults' in result ? describeFaults(result.faults) : ''
    expect(report).toContain('7 characters, 8 wanted')
    expect(report).not.toContain('hunter2')
  })

  test('a secret may stand in a file, but not in both places', () => {
    const readFile = (path: string) => (path === '/s' ? 'from-the-file\n' : noFile(path))
    const { X_KEY: _, ...without } = good
    const fromFile = read({ ...without, X_KEY_FILE: '/s' }, readFile)
    expect('values' in fromFile && fromFile.values.key.reveal()).toBe('from-the-file')
    expect('faults' in read({ ...good, X_KEY_FILE: '/s' }, readFile)).toBe(true)
    expect('faults' in read({ ...without, X_KEY_FILE: '/missing' }, readFile)).toBe(true)
  })

  test('what is printed at the start shows neither secrets nor credentials in addresses', () => {
    const result = read(good)
    if (!('values' in result)) return expect.unreachable()
    const printed = printableSettings(declarations, result.values)
    expect(printed).toMatchObject({
      X_KEY: '[secret]',
      X_BASE: 'http://[secret]@h',
      X_WAIT_MS: '20',
    })
  })
})
