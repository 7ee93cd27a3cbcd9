import { commandId, eventId, pageId, pageScopedUserId, personId, tokenId } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import type { LogRecord } from './read-log.ts'
import { recordLine, recordView } from './record-view.ts'

const timestampMs = Date.UTC(2026, 10, 22, 8)
const key = 'sStxGmklUR7y9IbqqR-AlG'
const place = { partition: 3, offset: 15n, timestampMs, key, headers: {} }

const optIn: LogRecord<'optIn'> = {
  ...place,
  topic: 'optIn',
  decoded: {
    kind: 'known',
    value: {
      type: 'OptInReceived',
      eventId: eventId('0a719c618eb4f863c1861cd8fb659235'),
      pageId: pageId('1000'),
      at: timestampMs,
      person: personId('sStxGmklUR7y9IbqqR-AlG'),
      tokenId: tokenId('19342fe8002e6df3cf684809ae863aef'),
      kind: 'one_time_notif_req',
      topic: 'restock\u001b[2J',
      grantedAt: timestampMs,
      origin: 'webhook',
      keyId: 'k1',
      sealed: Buffer.from('secret'),
    },
  },
}

function notifyWithKey(key: string): LogRecord<'notify'> {
  const value = {
    commandId: commandId('k'),
    pageId: pageId('1000'),
    psid: pageScopedUserId('2000'),
    text: 'Hello Ada',
    topic: 'restock',
  }
  return { ...place, key, topic: 'notify', decoded: { kind: 'known', value } }
}

describe('a record that is shown', () => {
  test('carries its place, its type and every field', () => {
    expect(recordView(optIn)).toMatchObject({
      kafkaTopic: 'otn.optin.events.v1',
      partition: 3,
      offset: '15',
      timestamp: '2026-11-22T08:00:00.000Z',
      type: 'OptInReceived',
      record: { tokenId: '19342fe8002e6df3cf684809ae863aef', sealed: '[sealed, 6 bytes]' },
    })
  })

  test('fits on a line, and no text in it can move the cursor', () => {
    const line = recordLine(recordView(optIn), timestampMs)
    expect(line).toContain('2026-11-22 08:00:00.000Z  otn.optin.events.v1/3@15  OptInReceived')
    expect(line).toContain('topic=restock\\u{1b}[2J')
  })

  test('hides whom a command is for and what it says', () => {
    const shown = JSON.stringify(recordView(notifyWithKey('1000:k')))
    expect(shown).not.toMatch(/2000|Ada/)
    expect(recordView(notifyWithKey('1000:k'))).toMatchObject({
      type: 'Notify',
      key: '1000:k',
      record: { psid: '[personal]', text: '[personal]', topic: 'restock' },
    })
  })

  test('hides a key that a stranger chose, for it may name a person', () => {
    expect(recordView(notifyWithKey('2000')).key).toBe('[not shown]')
  })

  test('that cannot be read says why', () => {
    const broken: LogRecord<'optIn'> = {
      ...place,
      topic: 'optIn',
      decoded: { kind: 'unreadable', reason: 'malformed', detail: 'the value is not framed Avro' },
    }
    expect(recordView(broken)).toMatchObject({
      record: null,
      unreadable: 'malformed: the value is not framed Avro',
    })
    expect(recordLine(recordView(broken), timestampMs)).toContain('unreadable: malformed')
  })
})
