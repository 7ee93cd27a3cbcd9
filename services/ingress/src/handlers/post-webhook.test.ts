import { appError, isAppError } from '@otn/kernel'
import { compilePattern } from '@otn/runtime/compile-pattern'
import { describe, expect, test } from 'vitest'
import { codec, decoded, opened, vault } from '../../test/codec.ts'
import {
  APP_SECRET,
  appWith,
  entry,
  fixture,
  optIn,
  sha256Header,
  webhook,
  wire,
} from '../../test/samples.ts'
import { identity, NOW } from '../../test/surroundings.ts'
import { createAuthenticator } from '../adapters/authenticator-hmac.ts'
import { createJournal } from '../adapters/journal-kafka.ts'
import { createPages } from '../domain/pages.ts'
import type { SealedRecord, Tell, WebhookReport } from '../ports.ts'
import { postWebhook } from './post-webhook.ts'
import { takeWebhook } from './take-webhook.ts'

/** A log in memory, and everything that was told. */
function door(append: (records: readonly SealedRecord[]) => Promise<void> = async () => {}) {
  const log: SealedRecord[] = []
  const told: string[] = []
  const reports: WebhookReport[] = []
  const tell: Tell = {
    accepted: (report) => {
      told.push('accepted')
      reports.push(report)
    },
    notAcknowledged: () => told.push('not acknowledged'),
    signed: () => {},
    unauthenticated: () => told.push('unauthenticated'),
    refusedEarly: () => {},
    handshake: () => {},
    pageEventUnusable: () => {},
    waitingForLog: () => {},
  }
  const appender = {
    append: async (records: readonly SealedRecord[]) => {
      await append(records)
      log.push(...records)
      return []
    },
  }
  const authenticator = createAuthenticator([appWith(APP_SECRET)])
  const take = takeWebhook({
    ...{ digest: authenticator.digest, identity, tell, deadlineMs: 2_500 },
    pages: createPages(compilePattern),
    journal: createJournal({ appender, codec, vault }),
  })
  const post = postWebhook({ authenticator, clock: { nowMs: () => NOW }, tell, take })
  const send = (body: Buffer | undefined, signature = sha256Header(body ?? Buffer.alloc(0))) =>
    post({ appId: null, headers: { 'x-hub-signature-256': signature }, body, elapsedMs: () => 1 })
  return { send, log, told, reports }
}

describe('a posted webhook', () => {
  test('is answered once every record is acknowledged, not before [S0-24]', async () => {
    const acknowledged = Promise.withResolvers<void>()
    const { send, log, told } = door(() => acknowledged.promise)
    const answer = send(fixture('valid/opt-in.json'))
    expect(told).toEqual([])
    acknowledged.resolve()
    await answer
    expect(log.map(({ topic, key }) => ({ topic, key }))).toEqual([
      { topic: 'optIn', key: 'sStxGmklUR7y9IbqqR-AlG' },
    ])
    expect(told).toEqual(['accepted'])
  })

  test('opens again to what the platform sent, by who holds the key [S0-21]', async () => {
    const { send, log } = door()
    await send(wire(webhook(entry([optIn({ payload: '再入荷 😀' })]))))
    const record = log[0]
    const value = decoded('OptInReceived', record?.value)
    expect(opened('OptInReceived', value, value.person)).toEqual({
      psid: '2000',
      token: '4400000000000001',
      payload: '再入荷 😀',
    })
    expect(record?.headers).toEqual({
      ce_specversion: '1.0',
      ce_id: value.eventId,
      ce_source: '/otn/ingress',
      ce_type: 'OptInReceived',
    })
  })

  test('that Kafka does not acknowledge is to be sent again [S1-46]', async () => {
    const { send, told } = door(async () => {
      throw appError('OTN_BUS_NOT_ACKNOWLEDGED', { message: 'away' })
    })
    const error = await send(fixture('valid/opt-in.json')).catch((cause) => cause)
    expect(isAppError(error, 'OTN_HTTP_UNAVAILABLE')).toBe(true)
    expect(told).toEqual(['not acknowledged'])
  })

  test.each([
    ['unsigned', fixture('valid/opt-in.json'), ''],
    [
      'signed by a stranger',
      fixture('valid/opt-in.json'),
      sha256Header(fixture('valid/opt-in.json'), 'x'),
    ],
    [
      'cut',
      fixture('valid/opt-in.json').subarray(0, -2),
      sha256Header(fixture('valid/opt-in.json')),
    ],
    ['unreadable', undefined, sha256Header(Buffer.alloc(0))],
  ])(
    'that is %s leaves nothing, and every fault looks the same [S1-44]',
    async (_, body, header) => {
      const { send, log, told } = door()
      const error = await send(body, header).catch((cause) => cause)
      expect(error).toMatchObject({
        code: 'OTN_WEBHOOK_SIGNATURE',
        message: 'no app secret made the signature',
        details: {},
      })
      expect({ log, told }).toEqual({ log: [], told: ['unauthenticated'] })
    },
  )

  test('whose item does not fit its Kafka topic keeps the item in quarantine', async () => {
    const { send, log, reports } = door()
    const payload = 'x'.repeat(1024 * 1024)
    await send(wire(webhook(entry([optIn({ payload }), optIn()]))))
    expect(log.map(({ topic }) => topic)).toEqual(['quarantine', 'optIn'])
    expect(log[0]?.headers).toMatchObject({
      'x-quarantine-reason': 'record-too-large',
      'x-quarantine-entry': '0',
      'x-quarantine-item': '0',
    })
    expect(reports[0]?.results.map(({ kind }) => kind)).toEqual(['quarantined', 'facts'])
  })

  test('that does not parse is kept byte for byte', async () => {
    const { send, log } = door()
    const body = Buffer.concat([Buffer.from('{"object":'), Buffer.from([0xff, 0x00])])
    await send(body)
    const value = decoded('QuarantinedItem', log[0]?.value)
    const { body: kept } = opened('QuarantinedItem', value, value.pageId)
    expect(Buffer.from(String(kept), 'base64').equals(body)).toBe(true)
  })

  test('of pages that are not connected is on the log all the same, and counted', async () => {
    const { send, log, reports } = door()
    await send(fixture('valid/three-pages.json'))
    expect(log).toHaveLength(11)
    expect(reports[0]?.unknownPageItems).toBe(12)
  })
})
