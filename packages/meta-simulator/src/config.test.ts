import { Secret } from '@otn/kernel'
import { describe, expect, test } from 'vitest'

import { optionsOf, simulatorSettings } from './config.ts'
import { defaultPages } from './options.ts'

const values = {
  logLevel: 'info',
  host: '127.0.0.1',
  port: 0,
  graphPort: 0,
  seed: null,
  appId: '1',
  appSecret: new Secret('new,old'),
  verifyToken: new Secret('v'),
  pages: simulatorSettings.pages.default ?? '',
  callbackUrl: null,
  retry: 'messenger',
  retryTime: 'simulator',
  answerTimeoutMs: 20_000,
  journalFile: null,
  ledgerUrl: null,
  dispatcherUrl: null,
  knowledgeKey: new Secret('k'),
} as const

describe('the settings', () => {
  test('of several app secrets sign with the first, and keep the former', () => {
    expect(optionsOf(values)).toMatchObject({
      appSecret: 'new',
      formerAppSecret: 'old',
      verifyToken: 'v',
      webhooks: { answerTimeoutMs: 20_000 },
    })
  })

  test('leave out what was not given', () => {
    expect(optionsOf(values)).not.toHaveProperty('seed')
    expect(optionsOf({ ...values, seed: 's', journalFile: 'j' })).toMatchObject({
      seed: 's',
      journalFile: 'j',
    })
  })

  test('show what is known only where both services are named', () => {
    const ledgerUrl = 'http://ledger'
    expect(optionsOf({ ...values, ledgerUrl })).not.toHaveProperty('knowledge')
    expect(optionsOf({ ...values, ledgerUrl, dispatcherUrl: 'http://d' })).toMatchObject({
      knowledge: { ledgerUrl, dispatcherUrl: 'http://d', apiKey: 'k' },
    })
  })

  test('name pages whose names may hold anything but a semicolon', () => {
    expect(optionsOf(values).pages).toEqual(defaultPages)
    expect(optionsOf({ ...values, pages: '1=a=b;2=c' }).pages).toEqual([
      { pageId: '1', name: 'a=b' },
      { pageId: '2', name: 'c' },
    ])
    const { schema } = simulatorSettings.pages
    expect(schema.safeParse('shop').success).toBe(false)
  })
})
