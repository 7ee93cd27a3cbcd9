import { canonicalJson } from '@otn/kernel'
import fc from 'fast-check'
import { BSON } from 'mongodb'
import { describe, expect, test } from 'vitest'
import { calls, optIns, requests, tokenEvents } from '../../test/arbitrary-events.ts'
import { foldCall, foldConsent, foldTokenEvent, unknownToken } from '../domain/token.ts'
import { digestText } from './digest-text.ts'
import { fromBson, toBson } from './document-bson.ts'

const tokens = fc
  .tuple(fc.array(optIns), fc.array(calls), fc.array(requests), fc.array(tokenEvents))
  .map(([consents, notifications, asked, corrections]) => {
    const granted = consents.reduce(foldConsent, unknownToken)
    const called = notifications.reduce(
      (token, event) => foldCall(token, { part: 'notification', event }),
      granted,
    )
    const requested = asked.reduce(
      (token, event) => foldCall(token, { part: 'request', event }),
      called,
    )
    return corrections.reduce(foldTokenEvent, requested)
  })

const stored = (document: object) =>
  BSON.deserialize(BSON.serialize(toBson(document)), { promoteBuffers: true })

describe('a document in MongoDB', () => {
  test('comes back as it went in: instants as numbers, bytes as bytes', () => {
    fc.assert(
      fc.property(tokens, (token) => {
        expect(fromBson(stored(token))).toEqual(token)
      }),
    )
  })

  test('keeps instants as dates, for people and tools that look into it', () => {
    const { consent } = stored({ consent: { grantedAt: 5, at: 6, attempt: 7 } })
    expect(consent).toEqual({ grantedAt: new Date(5), at: new Date(6), attempt: 7 })
  })

  test('may hold an instant that no calendar has: it stays the number that it was', () => {
    const document = { dueAt: Number.MAX_SAFE_INTEGER, at: -1 }
    expect(fromBson(stored(document))).toEqual(document)
  })

  test('is digested as its canonical JSON, whatever the order of its members', () => {
    fc.assert(
      fc.property(tokens, (token) => {
        const reversed = Object.fromEntries(Object.entries(token).reverse())
        const plain = JSON.parse(
          JSON.stringify(token, (_, value) =>
            value?.type === 'Buffer' ? Buffer.from(value.data).toString('base64') : value,
          ),
        )
        expect(digestText(stored(reversed))).toBe(canonicalJson(plain))
      }),
    )
  })
})
