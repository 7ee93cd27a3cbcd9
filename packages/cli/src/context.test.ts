import { describe, expect, test } from 'vitest'
import { ledgerSettings, logSettings } from './cli-settings.ts'
import { createContext } from './context.ts'

const STACK = {
  kafkaBrokers: ['127.0.0.1:1', '127.0.0.1:2'],
  schemaRegistryUrl: 'http://127.0.0.1:3/apis/ccompat/v7',
  topicPrefix: '',
  ledgerUrl: 'http://127.0.0.1:4',
  apiKey: 'key-of-the-stack',
  pages: [{ pageId: '1000', name: 'A page' }],
}

interface Given {
  readonly flags?: Readonly<Record<string, string | undefined>>
  readonly env?: Readonly<Record<string, string>>
  readonly stack?: object | null
  readonly files?: Readonly<Record<string, string>>
}

function contextOf({ flags = {}, env = {}, stack = STACK, files = {} }: Given) {
  const all = { ...files, ...(stack ? { '/repo/.otn/stack.json': JSON.stringify(stack) } : {}) }
  const readFile = (path: string) => new Map(Object.entries(all)).get(path) ?? null
  return createContext({ flags, env, cwd: '/repo/packages/cli', readFile })
}

describe('a setting', () => {
  test('comes from the flag, else the environment, else the running stack', () => {
    const env = { OTN_LEDGER_URL: 'http://env' }
    const flags = { OTN_LEDGER_URL: 'http://flag' }
    expect(contextOf({ flags, env }).read(ledgerSettings).url).toBe('http://flag')
    expect(contextOf({ env }).read(ledgerSettings).url).toBe('http://env')
    expect(contextOf({}).read(ledgerSettings).url).toBe('http://127.0.0.1:4')
  })

  test('comes from a stack of any folder above', () => {
    expect(contextOf({}).read(logSettings).kafkaBrokers).toEqual(STACK.kafkaBrokers)
    expect(contextOf({}).stackPages).toEqual(['1000'])
  })

  test('is read from its file where the environment names one, whatever the stack says', () => {
    const env = { OTN_API_KEY_FILE: '/run/key' }
    const { apiKey } = contextOf({ env, files: { '/run/key': 'from-file\n' } }).read(ledgerSettings)
    expect(apiKey.reveal()).toBe('from-file')
  })

  test('of a stack is never mixed with another cluster', () => {
    const context = contextOf({ env: { KAFKA_BROKERS: 'kafka-1:9092' } })
    expect(context.read(logSettings).schemaRegistryUrl).toBeNull()
    expect(() => context.read(ledgerSettings)).toThrow('OTN_LEDGER_URL')
    expect(context.stackPages).toEqual([])
  })

  test('of a stack goes with the same brokers in any order', () => {
    const env = { KAFKA_BROKERS: '127.0.0.1:2,127.0.0.1:1' }
    expect(contextOf({ env }).read(ledgerSettings).url).toBe('http://127.0.0.1:4')
  })

  test('that is missing is named, all of them at once, with what to do', () => {
    const read = () => contextOf({ stack: null }).read(ledgerSettings)
    expect(read).toThrow(/2 settings are missing or wrong\n {2}OTN_LEDGER_URL/)
    expect(read).toThrow('OTN_API_KEY')
    expect(read).toThrow(expect.objectContaining({ exitCode: 78 }))
  })

  test('that is a secret is never shown', () => {
    const env = { OTN_LEDGER_URL: 'nonsense', OTN_API_KEY: 'planted-key' }
    const read = () => contextOf({ env, stack: null }).read(ledgerSettings)
    expect(read).toThrow('got     "nonsense"')
    expect(read).not.toThrow('planted-key')
  })
})

describe('a stack file', () => {
  test('that is no JSON is an error of configuration, not ignored', () => {
    const files = { '/repo/.otn/stack.json': '{' }
    const { stackPath } = contextOf({ stack: null, files })
    expect(stackPath).toThrow('/repo/.otn/stack.json is not the JSON')
  })

  test('is looked for where OTN_HOME says, and nowhere else', () => {
    const env = { OTN_HOME: '/elsewhere' }
    expect(contextOf({ env }).stackPages).toEqual([])
    const files = { '/elsewhere/stack.json': JSON.stringify(STACK) }
    expect(contextOf({ env, stack: null, files }).stackPages).toEqual(['1000'])
  })
})
