import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { fixture } from '../../test/samples.ts'
import { summary, translated } from '../../test/surroundings.ts'

const VALID: Readonly<Record<string, readonly string[]>> = {
  'account-linked': ['AccountLinked'],
  'account-unlinked': ['AccountUnlinked'],
  changes: ['counted entry-change'],
  delivery: ['MessageDelivered', 'MessageDelivered'],
  'delivery-watermark-only': ['MessageDelivered'],
  echo: ['MessageEchoed'],
  'echo-foreign-metadata': ['MessageEchoed'],
  'echo-swapped': ['MessageEchoed'],
  'ids-as-numbers': ['OptInReceived'],
  instagram: ['counted object-instagram'],
  'known-kinds-not-ours': [
    'counted message_edit',
    'counted app_roles',
    'counted response_feedback',
  ],
  message: ['PersonEngaged'],
  'message-deleted': ['counted message-deleted'],
  'message-of-another-page': ['counted page-mismatch'],
  'no-entries': [],
  'opt-in': ['OptInReceived'],
  'opt-in-empty-payload': ['OptInReceived'],
  'opt-in-foreign-payload': ['OptInReceived'],
  'opt-in-japanese-emoji': ['OptInReceived'],
  'opt-in-seconds': ['OptInReceived'],
  'opt-in-standby': ['OptInReceived'],
  'pass-thread-control': ['ThreadControlChanged'],
  'plugin-checkbox': ['PluginOptInReceived'],
  'plugin-send-to-messenger': ['PluginOptInReceived'],
  'policy-enforcement': ['PagePolicyEnforced'],
  'policy-enforcement-old-spelling': ['PagePolicyEnforced'],
  postback: ['PersonEngaged'],
  'postback-with-referral': ['PersonEngaged', 'ReferralReceived'],
  'prototype-members': ['PersonEngaged'],
  'quick-reply': ['PersonEngaged'],
  reaction: ['PersonEngaged'],
  'reaction-withdrawn': ['counted reaction-withdrawn'],
  read: ['MessageRead'],
  referral: ['ReferralReceived'],
  'request-thread-control': ['counted request_thread_control'],
  'seed-sample': ['OptInReceived'],
  'take-thread-control': ['ThreadControlChanged'],
  'three-pages': [
    ...Array(6).fill('OptInReceived'),
    'quarantined item-malformed',
    ...Array(4).fill('OptInReceived'),
    'counted other',
  ],
  'unknown-kind': ['counted other'],
}

const INVALID: Readonly<Record<string, string>> = {
  'body-is-a-list': 'body-malformed',
  cut: 'body-not-json',
  'entry-is-an-object': 'body-malformed',
  'entry-is-null': 'entry-malformed',
  'entry-without-id': 'entry-malformed',
  'entry-without-items': 'entry-malformed',
  'item-is-a-number': 'item-malformed',
  'message-without-sender': 'item-malformed',
  'messaging-is-an-object': 'entry-malformed',
  'no-object': 'body-malformed',
  'opt-in-empty-token': 'item-malformed',
  'opt-in-notification-messages': 'optin-kind-unknown',
  'opt-in-of-another-page': 'page-mismatch',
  'opt-in-payload-object': 'item-malformed',
  'opt-in-sender-object': 'item-malformed',
  'opt-in-text': 'item-malformed',
  'opt-in-timestamp-text': 'item-malformed',
  'opt-in-token-object': 'item-malformed',
  'opt-in-type-number': 'optin-kind-unknown',
  'opt-in-without-payload': 'item-malformed',
  'opt-in-without-recipient': 'item-malformed',
  'opt-in-without-sender': 'item-malformed',
  'opt-in-without-timestamp': 'item-malformed',
  'opt-in-without-token': 'item-malformed',
  'opt-in-without-type': 'optin-kind-unknown',
  'seed-sample-as-printed': 'body-not-json',
  'too-deep': 'body-too-deep',
}

const namesIn = (folder: string): readonly string[] =>
  readdirSync(new URL(`../../test/fixtures/webhooks/${folder}`, import.meta.url))
    .map((name) => name.replace('.json', ''))
    .sort()

describe('every webhook of the fixtures', () => {
  test.each(Object.entries(VALID))('%s becomes what it says', (name, expected) => {
    expect(summary(translated(fixture(`valid/${name}.json`)))).toEqual(expected)
  })

  test.each(Object.entries(INVALID))(
    '%s is kept with its reason, never dropped [S0-26]',
    (name, reason) => {
      const items = translated(fixture(`invalid/${name}.json`))
      expect(summary(items)).toEqual([`quarantined ${reason}`])
      expect(Object.keys(items[0]?.place.content ?? {})).not.toEqual([])
    },
  )

  test('stands in one of the two lists', () => {
    expect(namesIn('valid')).toEqual(Object.keys(VALID).sort())
    expect(namesIn('invalid')).toEqual(Object.keys(INVALID).sort())
  })
})
