/** Every event of the platform's reference, as it stands on the wire. */
import { describe, expect, test } from 'vitest'

import { actEvent } from './act-event.ts'
import type { PageEvent } from './page-event.ts'
import { pageEventItem } from './page-event-item.ts'
import { opensWindow, type PersonAct } from './person-act.ts'

const PAGE = '1000'
const ADA = '2000'
const AT_MS = 1_458_692_752_478
const sent = { sender: { id: ADA }, recipient: { id: PAGE }, timestamp: AT_MS }
const senderless = { recipient: { id: PAGE }, timestamp: AT_MS }
const image = { type: 'image', payload: { url: 'https://example.com/a.png' } }
const place = { type: 'location', payload: { coordinates: { lat: 1, long: 2 } } }
const referral = { ref: 'r', source: 'SHORTLINK', type: 'OPEN_THREAD' }
const screens = [{ screen_id: 0, questions: { a: { type: 'csat', payload: '5' } } }]

const acts: readonly (readonly [string, PersonAct, object])[] = [
  ['messages', { kind: 'message', mid: 'm', text: 'Hi' }, { message: { mid: 'm', text: 'Hi' } }],
  [
    'messages',
    { kind: 'message', mid: 'm', text: 'Red', quickReplyPayload: 'q', replyToMid: 'm0' },
    {
      message: {
        mid: 'm',
        text: 'Red',
        quick_reply: { payload: 'q' },
        reply_to: { mid: 'm0', is_self_reply: false },
      },
    },
  ],
  [
    'messages',
    { kind: 'message', mid: 'm', attachments: [image, place] },
    { message: { mid: 'm', attachments: [image, place] } },
  ],
  [
    'messages',
    { kind: 'message', mid: 'm', isUnsupported: true },
    { message: { mid: 'm', is_unsupported: true } },
  ],
  ['messages', { kind: 'unsend', mid: 'm' }, { message: { mid: 'm', is_deleted: true } }],
  [
    'message_edits',
    { kind: 'edit', mid: 'm', text: 'Hi!', edits: 1 },
    { message_edit: { mid: 'm', text: 'Hi!', num_edit: '1' } },
  ],
  [
    'message_reactions',
    { kind: 'reaction', mid: 'm', reaction: 'sad', emoji: '😢', action: 'react' },
    { reaction: { reaction: 'sad', emoji: '😢', action: 'react', mid: 'm' } },
  ],
  [
    'message_reactions',
    { kind: 'reaction', mid: 'm', reaction: 'sad', emoji: '😢', action: 'unreact' },
    { reaction: { action: 'unreact', mid: 'm' } },
  ],
  [
    'message_deliveries',
    { kind: 'delivery', mids: ['m'], watermarkMs: 5 },
    { delivery: { mids: ['m'], watermark: 5 } },
  ],
  [
    'message_deliveries',
    { kind: 'delivery', mids: [], watermarkMs: 5 },
    { delivery: { watermark: 5 } },
  ],
  ['message_reads', { kind: 'read', watermarkMs: 5 }, { read: { watermark: 5 } }],
  [
    'messaging_postbacks',
    { kind: 'postback', mid: 'm', title: 'Go', payload: 'p', referral },
    { postback: { mid: 'm', title: 'Go', payload: 'p', referral } },
  ],
  ['messaging_referrals', { kind: 'referral', referral }, { referral }],
  [
    'messaging_referrals',
    { kind: 'referral', referral: { ref: 'r', adId: '6', refererUri: 'u', isGuestUser: false } },
    { referral: { ref: 'r', ad_id: '6', referer_uri: 'u', is_guest_user: false } },
  ],
  ['messaging_optins', { kind: 'plugin-opt-in', ref: 'r' }, { optin: { ref: 'r' } }],
  ['messaging_optins', { kind: 'request-accepted' }, { optin: { message_request: 'accept' } }],
  [
    'messaging_optins',
    {
      kind: 'recurring-opt-in',
      payload: 'p',
      token: '77',
      title: 'News',
      timezone: 'UTC',
      frequency: 'DAILY',
      expiresAtMs: 9,
      renewed: true,
      status: 'STOP NOTIFICATIONS',
    },
    {
      optin: {
        type: 'notification_messages',
        payload: 'p',
        notification_messages_token: '77',
        notification_messages_frequency: 'DAILY',
        notification_messages_timezone: 'UTC',
        token_expiry_timestamp: 9,
        user_token_status: 'REFRESHED',
        notification_messages_status: 'STOP NOTIFICATIONS',
        title: 'News',
      },
    },
  ],
  [
    'messaging_account_linking',
    { kind: 'link-account', authorizationCode: 'c' },
    { account_linking: { status: 'linked', authorization_code: 'c' } },
  ],
  [
    'messaging_account_linking',
    { kind: 'unlink-account' },
    { account_linking: { status: 'unlinked' } },
  ],
  [
    'messaging_feedback',
    { kind: 'survey', screens },
    { messaging_feedback: { feedback_screens: screens } },
  ],
  [
    'response_feedback',
    { kind: 'rate-response', mid: 'm', feedback: 'Good response' },
    { response_feedback: { feedback: 'Good response', mid: 'm' } },
  ],
  [
    'send_cart',
    { kind: 'other', field: 'send_cart', member: 'order', value: { products: [] } },
    { order: { products: [] } },
  ],
]

const owners = { previous_owner_app_id: null, new_owner_app_id: '5', metadata: 'why' }
const handover = { previousOwnerAppId: null, newOwnerAppId: '5', metadata: 'why' }
const policy = 'messaging_policy_enforcement'
const pageEvents: readonly (readonly [string, PageEvent, string | null, object])[] = [
  [
    'messaging_handovers',
    { kind: 'pass-thread-control', ...handover },
    ADA,
    { ...sent, pass_thread_control: owners },
  ],
  [
    'messaging_handovers',
    { kind: 'take-thread-control', ...handover },
    ADA,
    { ...sent, take_thread_control: owners },
  ],
  [
    'messaging_handovers',
    { kind: 'request-thread-control', requestedOwnerAppId: '5' },
    ADA,
    { ...sent, request_thread_control: { requested_owner_app_id: '5' } },
  ],
  [
    'messaging_handovers',
    { kind: 'app-roles', roles: { '5': ['primary_receiver'] } },
    null,
    { ...senderless, app_roles: { '5': ['primary_receiver'] } },
  ],
  [
    policy,
    { kind: 'policy-enforcement', action: 'block', reason: 'spam' },
    null,
    { ...senderless, policy_enforcement: { action: 'block', reason: 'spam' } },
  ],
  [
    policy,
    { kind: 'policy-enforcement', action: 'unblock', reason: 'spam' },
    null,
    { ...senderless, policy_enforcement: { action: 'unblock' } },
  ],
  [
    'message_echoes',
    { kind: 'echo', mid: 'm', appId: '263902037430900', text: 'Hi' },
    ADA,
    {
      sender: { id: PAGE },
      recipient: { id: ADA },
      timestamp: AT_MS,
      message: { mid: 'm', is_echo: true, app_id: 263902037430900, text: 'Hi' },
    },
  ],
]

describe('an act of a person', () => {
  test.each(acts)('%s %#', (field, act, member) => {
    const fact = { pageId: PAGE, psid: ADA, act, opensWindow: false, atMs: AT_MS } as const
    const event = actEvent({ type: 'PersonActed', ...fact })
    const whole = { pageId: PAGE, field, array: 'messaging', item: { ...sent, ...member } }
    expect(JSON.stringify(event)).toBe(JSON.stringify(whole))
  })

  test('in the checkbox plugin has no sender, for nobody knows who it is [S1-10]', () => {
    const act: PersonAct = { kind: 'checkbox-opt-in', userRef: 'u', ref: 'r' }
    const fact = { pageId: PAGE, psid: ADA, act, opensWindow: false, atMs: AT_MS } as const
    const { item } = actEvent({ type: 'PersonActed', ...fact })
    expect(item).toEqual({ ...senderless, optin: { ref: 'r', user_ref: 'u' } })
  })

  test('opens the window if it is a message, a press, a reaction or a link, no opt-in', () => {
    const opening = acts.filter(([, act]) => opensWindow(act)).map(([field]) => field)
    expect(new Set(opening)).toEqual(
      new Set(['messages', 'message_reactions', 'messaging_postbacks', 'messaging_referrals']),
    )
    expect(opensWindow({ kind: 'unsend', mid: 'm' })).toBe(false)
  })
})

describe('an event of a page', () => {
  test.each(pageEvents)('%s %#', (field, event, psid, item) => {
    const fact = { pageId: PAGE, psid, event, atMs: AT_MS } as const
    const told = pageEventItem({ type: 'PageEventHappened', ...fact })
    expect(JSON.stringify(told)).toBe(
      JSON.stringify({ pageId: PAGE, field, array: 'messaging', item }),
    )
  })

  test.each(['messaging_integrity', 'business_integrity', 'message_template_status_update'])(
    'of the field %s comes in changes[]',
    (field) => {
      const event: PageEvent = { kind: 'change', field, value: { state: 'x' } }
      const fact = { pageId: PAGE, psid: null, event, atMs: AT_MS } as const
      expect(pageEventItem({ type: 'PageEventHappened', ...fact })).toEqual({
        pageId: PAGE,
        field,
        array: 'changes',
        item: { field, value: { state: 'x' } },
      })
    },
  )
})
