import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  entry,
  fixture,
  item,
  optIn,
  PAGE,
  SENT_AT,
  TOKEN,
  webhook,
  wire,
} from '../../test/samples.ts'
import { NOW, summary, translated } from '../../test/surroundings.ts'
import type { Fact } from './facts.ts'

function onlyFact(body: Uint8Array, change?: Parameters<typeof translated>[1]): Fact {
  const [first] = translated(body, change)
  if (first?.result.kind !== 'facts' || !first.result.facts[0]) throw new Error('no fact')
  return first.result.facts[0]
}

const ofPayload = (payload: string) => wire(webhook(entry([optIn({ payload })])))

describe('an opt-in', () => {
  test('carries the ids of the published vectors, its topic and its instants [S0-21]', () => {
    expect(onlyFact(fixture('valid/opt-in.json'))).toMatchObject({
      topic: 'optIn',
      key: 'sStxGmklUR7y9IbqqR-AlG',
      value: {
        eventId: '0a719c618eb4f863c1861cd8fb659235',
        type: 'OptInReceived',
        pageId: PAGE,
        person: 'sStxGmklUR7y9IbqqR-AlG',
        tokenId: '19342fe8002e6df3cf684809ae863aef',
        kind: 'one_time_notif_req',
        topic: 'restock-1',
        topicRule: 'otn1',
        payloadFlag: null,
        grantedAt: SENT_AT,
        at: NOW,
        origin: 'webhook',
      },
      content: { psid: '2000', token: TOKEN, payload: 'otn1:restock-1:c7' },
    })
  })

  test.each([
    ['empty', ''],
    ['longer than a thousand characters', 'x'.repeat(1_234)],
    ['Japanese with emoji and the specially escaped characters', '再入荷 😀 ä/ö<å@%"\\\n'],
    ['JSON', '{"product":42,"__proto__":{}}'],
    ['half of a surrogate pair', '\ud83d'],
  ])('keeps a payload that is %s, unit for unit [S0-21]', (_, payload) => {
    expect(onlyFact(ofPayload(payload)).content).toMatchObject({ payload })
  })

  test.each([
    ['otn1:restock-1:c7', null],
    ['otn1:restock-1:a b', 'malformed-envelope'],
    ['restock-1/hanako@example.jp', 'personal-data:mail'],
    ['otn1:restock-1:4111111111111111', 'personal-data:card'],
    ['callback 090-1234-5678 about my diabetes', 'personal-data:phone,sensitive-words:health'],
    [`${'x'.repeat(990)} hanako@example.jp`, null],
  ])(
    'whose payload is %j is flagged as %s, and kept all the same [S0-27, U16]',
    (payload, flag) => {
      const { value, content } = onlyFact(ofPayload(payload))
      expect(value).toMatchObject({ type: 'OptInReceived', payloadFlag: flag })
      expect(content).toMatchObject({ payload })
    },
  )

  test('keeps ids given as JSON numbers to the last digit', () => {
    const fact = onlyFact(fixture('valid/ids-as-numbers.json'))
    expect(fact.value.pageId).toBe('123456789012345678')
    expect(fact.content).toMatchObject({
      psid: '9007199254740993',
      token: '98765432109876543210',
    })
  })

  test('of a plugin keeps ref and user_ref unit for unit, with a person and without [S1-10]', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 })
    fc.assert(
      fc.property(text, text, fc.boolean(), (ref, userRef, isNamed) => {
        const { sender, ...nameless } = item({ optin: { ref, user_ref: userRef } })
        const { value, key, content } = onlyFact(
          wire(webhook(entry([isNamed ? { sender, ...nameless } : nameless]))),
        )
        const named = isNamed ? { psid: '2000' } : {}
        expect(content).toEqual({ ...named, ref, userRef })
        expect(value).toMatchObject({ type: 'PluginOptInReceived' })
        expect([key, 'person' in value && value.person !== null]).toEqual([
          isNamed ? 'sStxGmklUR7y9IbqqR-AlG' : PAGE,
          isNamed,
        ])
      }),
    )
  })

  test('has the same id at each redelivery, whatever it is packed with [S1-46]', () => {
    const alone = onlyFact(fixture('valid/opt-in.json'))
    const standby = onlyFact(fixture('valid/opt-in-standby.json'), { nowMs: NOW + 86_400_000 })
    expect(standby.value.eventId).toBe(alone.value.eventId)
  })

  test('is granted when the platform says, in seconds too, never after its receipt', () => {
    const grantedAt = (nowMs: number, body = fixture('valid/opt-in.json')) =>
      onlyFact(body, { nowMs }).value
    expect(grantedAt(NOW)).toMatchObject({ grantedAt: SENT_AT })
    expect(grantedAt(NOW, fixture('valid/opt-in-seconds.json'))).toMatchObject({
      grantedAt: 1_458_692_752_000,
    })
    expect(grantedAt(SENT_AT - 5_000)).toMatchObject({ grantedAt: SENT_AT - 5_000 })
  })

  test('says which fields it lacks, and nothing of what stood in the others', () => {
    const body = wire(webhook(entry([optIn({ payload: 7, one_time_notif_token: null })])))
    const [item] = translated(body)
    expect(item?.result).toEqual({
      kind: 'quarantined',
      reason: 'item-malformed',
      detail: 'missing or of a wrong type: optin.one_time_notif_token, optin.payload',
    })
  })

  test('comes before any other member of its item: consent is never shadowed', () => {
    const both = { ...optIn(), message: { mid: 'm_1', is_echo: true } }
    expect(summary(translated(wire(webhook(entry([both])))))).toEqual(['OptInReceived'])
  })

  test('of a plugin without a person belongs to the page', () => {
    const fact = onlyFact(fixture('valid/plugin-checkbox.json'))
    expect(fact).toMatchObject({ key: PAGE, content: { ref: 'cart-7', userRef: 'u-77' } })
    expect(fact.value).toMatchObject({ type: 'PluginOptInReceived', person: null })
  })
})
