import { describe, expect, test } from 'vitest'
import { entry, fixture, item, SENT_AT, webhook, wire } from '../../test/samples.ts'
import { NOW, summary, translated } from '../../test/surroundings.ts'
import type { Fact } from './facts.ts'

const PERSON = 'sStxGmklUR7y9IbqqR-AlG'

function factsOf(name: string): readonly Fact[] {
  return translated(fixture(`valid/${name}.json`)).flatMap(({ result }) =>
    result.kind === 'facts' ? result.facts : [],
  )
}

describe('what a person does', () => {
  test.each([
    ['message', 'message', 'm_1'],
    ['quick-reply', 'quick-reply', 'm_2'],
    ['postback', 'postback', 'm_3'],
    ['reaction', 'reaction', 'm_9'],
  ])('%s opens the window and stores no word of it', (name, kind, messageId) => {
    const [fact] = factsOf(name)
    expect(fact).toMatchObject({
      topic: 'engagement',
      key: PERSON,
      value: { type: 'PersonEngaged', kind, messageId, person: PERSON, occurredAt: SENT_AT },
      content: { psid: '2000' },
    })
    expect(JSON.stringify(fact)).not.toMatch(/hello|Yes|YES|START|Get Started/)
  })

  test('a referral keeps ref and source, its seconds are scaled', () => {
    expect(factsOf('referral')[0]).toMatchObject({
      value: { source: 'SHORTLINK', occurredAt: 1_458_692_752_000 },
      content: { psid: '2000', ref: 'poster' },
    })
  })

  test('an account link keeps the id of the site sealed [S1-12]', () => {
    const [linked] = factsOf('account-linked')
    expect(linked?.content).toEqual({ psid: '2000', externalUserId: 'customer-7' })
    expect(JSON.stringify(linked?.value)).not.toContain('customer-7')
  })

  test('a thread that changes hands names both owners [S1-08]', () => {
    expect(factsOf('pass-thread-control')[0]?.value).toMatchObject({
      previousOwnerAppId: null,
      newOwnerAppId: '263902037430900',
    })
    expect(factsOf('take-thread-control')[0]?.value).toMatchObject({
      previousOwnerAppId: '263902037430900',
      newOwnerAppId: '770000000000001',
    })
  })

  test('a thread is nobody’s only where that is said; ids may be numbers [S1-08]', () => {
    const changed = (change: object) =>
      translated(wire(webhook(entry([item({ take_thread_control: change })]))))[0]?.result
    expect(changed({ previous_owner_app_id: 77, new_owner_app_id: null })).toMatchObject({
      facts: [{ value: { previousOwnerAppId: '77', newOwnerAppId: null } }],
    })
    expect(changed({ new_owner_app_id: 88 })).toMatchObject({
      facts: [{ value: { previousOwnerAppId: null, newOwnerAppId: '88' } }],
    })
    for (const change of [{}, { new_owner_app_id: {} }, { new_owner_app_id: '' }]) {
      expect(changed(change)).toMatchObject({ kind: 'quarantined', reason: 'item-malformed' })
    }
  })

  test('a wish for a thread, or a role, changes no owner [S1-08]', () => {
    const wishes = [
      { request_thread_control: { requested_owner_app_id: '77', metadata: 'm' } },
      { app_roles: { '77': ['primary_receiver'] } },
    ]
    for (const wish of wishes) {
      const [only] = translated(wire(webhook(entry([item(wish)]))))
      expect(only?.result).toMatchObject({ kind: 'counted' })
    }
  })

  test('an instant after receipt counts as the receipt: no window stays open too long', () => {
    const later = item({ timestamp: NOW + 9_000, message: { mid: 'm_1' } })
    const [only] = translated(wire(webhook(entry([later]))))
    expect(only?.result).toMatchObject({ facts: [{ value: { occurredAt: NOW } }] })
  })
})

describe('what became of messages', () => {
  test('an echo belongs to the id that is not the page, whichever way they stand [S1-07]', () => {
    for (const name of ['echo', 'echo-swapped']) {
      expect(factsOf(name)[0]).toMatchObject({
        topic: 'receipt',
        key: PERSON,
        value: {
          messageId: 'm_5',
          appId: '1517776481860111',
          metadata: 'otn1.1000.c-1.1.abc',
        },
      })
    }
  })

  test('metadata of others is not kept [S1-07]', () => {
    expect(factsOf('echo-foreign-metadata')[0]?.value).toMatchObject({
      appId: '99',
      metadata: null,
    })
  })

  test('a delivery is one fact for each message, and says when without a timestamp', () => {
    const delivered = factsOf('delivery').map(({ value }) => value)
    expect(delivered).toMatchObject([
      { messageId: 'm_5', occurredAt: SENT_AT },
      { messageId: 'm_6', occurredAt: SENT_AT },
    ])
    expect(new Set(delivered.map(({ eventId }) => eventId)).size).toBe(2)
    expect(factsOf('delivery-watermark-only')[0]?.value).toMatchObject({ watermark: SENT_AT })
  })

  test('a delivery may name more messages than a call takes arguments', () => {
    const mids = Array.from({ length: 150_000 }, (_, index) => `m_${index}`)
    const [only] = translated(wire(webhook(entry([item({ delivery: { mids } })]))))
    expect(only?.result.kind === 'facts' && only.result.facts).toHaveLength(mids.length)
  }, 30_000)

  test('an echo of two strangers is counted, an echo without a message is kept', () => {
    const echo = { is_echo: true, mid: 'm_1' }
    const strange = item({ message: echo }, { page: '7777' })
    expect(summary(translated(wire(webhook(entry([strange])))))).toEqual(['counted page-mismatch'])
    const nameless = item({ message: { is_echo: true } })
    expect(summary(translated(wire(webhook(entry([nameless])))))).toEqual([
      'quarantined item-malformed',
    ])
  })
})

describe('what the platform does to a page', () => {
  test('is a fact of the page, without the words of the platform', () => {
    const [fact] = factsOf('policy-enforcement')
    expect(fact).toMatchObject({ topic: 'page', key: '1000', content: null })
    expect(fact?.value).toMatchObject({ type: 'PagePolicyEnforced', action: 'block' })
    expect(JSON.stringify(fact)).not.toContain('a text of theirs')
  })
})
