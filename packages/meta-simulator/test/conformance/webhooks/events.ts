/** 5.5: every event of the catalogue, caused over the control side and seen by a callback. */
import { expect } from 'vitest'

import type { Simulator } from '../../../src/index.ts'
import type { Row } from '../row.ts'
import { firstBody, registered } from './callback.ts'

type Act = Parameters<Simulator['act']>[0]['act']
type PageEvent = Parameters<Simulator['happen']>[0]['event']

interface Told {
  readonly name: string
  readonly fact: string
  readonly cause: { readonly act: Act } | { readonly event: PageEvent; readonly alone?: boolean }
  /** What the item of `messaging[]` must hold. */
  readonly holds: object
  /** Members that it must not have. */
  readonly lacks?: readonly string[]
  readonly mark?: 'D' | 'O'
  readonly section?: '1.3' | '5.5'
}

const mid = expect.stringMatching(/^m_/)
const attachment = { type: 'sticker', payload: { sticker_id: 7 } }
const handover = { previousOwnerAppId: '263902037430900', newOwnerAppId: '5', metadata: 'x' }
const owners = { previous_owner_app_id: '263902037430900', new_owner_app_id: '5', metadata: 'x' }

const events: readonly Told[] = [
  {
    name: 'quick-reply',
    fact: 'a quick reply is a message with quick_reply.payload',
    cause: { act: { kind: 'message', text: 'Red', quickReplyPayload: 'q' } },
    holds: { message: { mid, text: 'Red', quick_reply: { payload: 'q' } } },
  },
  {
    name: 'reply',
    fact: 'a reply names the message it answers',
    cause: { act: { kind: 'message', text: 'Yes', replyToMid: 'm_0' } },
    holds: { message: { mid, text: 'Yes', reply_to: { mid: 'm_0', is_self_reply: false } } },
  },
  {
    name: 'attachment',
    fact: 'attachments meta in message.attachments as {type, payload}',
    cause: { act: { kind: 'message', attachments: [attachment] } },
    holds: { message: { mid, attachments: [attachment] } },
  },
  {
    name: 'unsent',
    fact: 'a message that is taken back has is_deleted',
    cause: { act: { kind: 'unsend', mid: 'm_0' } },
    holds: { message: { mid: 'm_0', is_deleted: true } },
  },
  {
    name: 'unsupported',
    fact: 'a message of a kind that is not passed on has is_unsupported',
    cause: { act: { kind: 'message', isUnsupported: true } },
    holds: { message: { mid, is_unsupported: true } },
  },
  {
    name: 'edit',
    fact: 'an edit counts in num_edit, a text',
    cause: { act: { kind: 'edit', mid: 'm_0', text: 'Hi!', edits: 2 } },
    holds: { message_edit: { mid: 'm_0', text: 'Hi!', num_edit: '2' } },
  },
  {
    name: 'reaction',
    fact: 'a reaction names word, emoji, action and message',
    cause: { act: { kind: 'reaction', mid: 'm_0', reaction: 'sad', emoji: '😢' } },
    holds: { reaction: { reaction: 'sad', emoji: '😢', action: 'react', mid: 'm_0' } },
  },
  {
    name: 'unreact',
    fact: 'a reaction taken back has neither word nor emoji',
    cause: { act: { kind: 'reaction', mid: 'm_0', action: 'unreact' } },
    holds: { reaction: { action: 'unreact', mid: 'm_0' } },
  },
  {
    name: 'delivery',
    fact: 'a delivery has mids and a watermark; mids may be missing',
    cause: { act: { kind: 'delivery', watermarkMs: 5 } },
    holds: { delivery: { watermark: 5 } },
  },
  {
    name: 'read',
    fact: 'a read has a watermark',
    cause: { act: { kind: 'read', watermarkMs: 5 } },
    holds: { read: { watermark: 5 } },
  },
  {
    name: 'postback',
    fact: 'a postback has mid, title, payload and perhaps a referral',
    cause: { act: { kind: 'postback', title: 'Go', payload: 'p', referral: { ref: 'r' } } },
    holds: { postback: { mid, title: 'Go', payload: 'p', referral: { ref: 'r' } } },
  },
  {
    name: 'referral',
    fact: 'a referral may lack its source',
    cause: { act: { kind: 'referral', referral: { ref: 'r', type: 'OPEN_THREAD' } } },
    holds: { referral: { ref: 'r', type: 'OPEN_THREAD' } },
  },
  {
    name: 'link',
    fact: 'account linking tells linked with a code',
    cause: { act: { kind: 'link-account', authorizationCode: 'c' } },
    holds: { account_linking: { status: 'linked', authorization_code: 'c' } },
  },
  {
    name: 'unlink',
    fact: 'and unlinked without',
    cause: { act: { kind: 'unlink-account' } },
    holds: { account_linking: { status: 'unlinked' } },
  },
  {
    name: 'rate',
    fact: 'response_feedback names the message',
    cause: { act: { kind: 'rate-response', mid: 'm_0', feedback: 'Good response' } },
    holds: { response_feedback: { feedback: 'Good response', mid: 'm_0' } },
  },
  {
    name: 'pass',
    fact: 'pass_thread_control names both owners',
    cause: { event: { kind: 'pass-thread-control', ...handover } },
    holds: { pass_thread_control: owners },
  },
  {
    name: 'take',
    fact: 'take_thread_control names both owners',
    cause: { event: { kind: 'take-thread-control', ...handover } },
    holds: { take_thread_control: owners },
  },
  {
    name: 'request',
    fact: 'request_thread_control names who asks',
    cause: { event: { kind: 'request-thread-control', requestedOwnerAppId: '5' } },
    holds: { request_thread_control: { requested_owner_app_id: '5' } },
  },
  {
    name: 'roles',
    fact: 'app_roles has no sender in newer types',
    cause: { event: { kind: 'app-roles', roles: { '5': ['primary_receiver'] } }, alone: true },
    holds: { app_roles: { '5': ['primary_receiver'] } },
    lacks: ['sender'],
  },
  {
    name: 'policy',
    fact: 'policy_enforcement has action and reason, and no sender',
    cause: { event: { kind: 'policy-enforcement', action: 'block', reason: 'spam' } },
    holds: { policy_enforcement: { action: 'block', reason: 'spam' } },
    lacks: ['sender'],
  },
  {
    name: 'unblock',
    fact: 'an unblock has no reason',
    cause: { event: { kind: 'policy-enforcement', action: 'unblock', reason: 'spam' } },
    holds: { policy_enforcement: { action: 'unblock' } },
  },
  {
    name: 'inbox-echo',
    fact: 'a message written in the page inbox is echoed with the inbox app id, a number',
    cause: { event: { kind: 'echo', text: 'Hi' } },
    holds: { message: { mid, is_echo: true, app_id: 263902037430900, text: 'Hi' } },
  },
  {
    name: 'plugin',
    section: '1.3',
    fact: 'the Send to Messenger plugin gives an opt-in with ref and no type [S1-10]',
    cause: { act: { kind: 'plugin-opt-in', ref: 'r' } },
    holds: { optin: { ref: 'r' } },
  },
  {
    name: 'checkbox',
    section: '1.3',
    fact: 'the checkbox plugin gives user_ref and no sender [S1-10]',
    cause: { act: { kind: 'checkbox-opt-in', userRef: 'u', ref: 'r' } },
    holds: { optin: { user_ref: 'u', ref: 'r' } },
    lacks: ['sender'],
  },
  {
    name: 'accept',
    section: '1.3',
    fact: 'customer matching gives message_request: accept',
    cause: { act: { kind: 'request-accepted' } },
    holds: { optin: { message_request: 'accept' } },
  },
  {
    name: 'recurring',
    section: '1.3',
    fact: 'the sister feature gives type notification_messages and a token of its own name',
    cause: { act: { kind: 'recurring-opt-in', payload: 'p', token: '7', expiresAtMs: 9 } },
    holds: {
      optin: {
        type: 'notification_messages',
        payload: 'p',
        notification_messages_token: '7',
        token_expiry_timestamp: 9,
        user_token_status: 'NOT_REFRESHED',
      },
    },
  },
]

export const eventRows: readonly Row[] = [
  ...events.map(rowOf),
  {
    id: '1.3-one-time',
    section: '1.3',
    mark: 'D',
    fact: 'a tap gives type, payload and one_time_notif_token, no mid and no expiry [S0-26]',
    case: async (meta) => {
      const { simulator, pageId, psid } = meta
      const callback = await registered(meta)
      const { token } = await simulator.tap({ pageId, psid, payload: '{"a":1}' })
      await simulator.quiet()
      const optin = { type: 'one_time_notif_req', payload: '{"a":1}', one_time_notif_token: token }
      expect(callback.items()).toEqual([
        {
          sender: { id: psid },
          recipient: { id: pageId },
          timestamp: simulator.nowMs(),
          optin,
        },
      ])
    },
  },
  {
    id: '5.5-policy-hyphen',
    section: '5.5',
    mark: 'O',
    fact: 'older policy events are spelt policy-enforcement',
    options: { webhooks: { weather: { policyHyphenShare: 1 } } },
    case: async (meta) => {
      const callback = await registered(meta)
      const event = { kind: 'policy-enforcement', action: 'warning' } as const
      await meta.simulator.happen({ pageId: meta.pageId, event })
      await meta.simulator.quiet()
      expect(callback.items()[0]).toHaveProperty('policy-enforcement', { action: 'warning' })
    },
  },
  {
    id: '5.5-unknown',
    section: '5.5',
    mark: 'O',
    fact: 'kinds and members appear that nobody has announced',
    options: { webhooks: { weather: { unknownMemberShare: 1 } } },
    case: async (meta) => {
      const { simulator, pageId, psid } = meta
      const callback = await registered(meta)
      const act = { kind: 'other', field: 'calls', member: 'call', value: { id: '1' } } as const
      await simulator.act({ pageId, psid, act })
      await simulator.quiet()
      expect(callback.items()[0]).toMatchObject({ call: { id: '1' }, unannounced: {} })
    },
  },
  ...['messaging_integrity', 'business_integrity', 'message_template_status_update'].map(
    (field): Row => ({
      id: `5.5-${field}`,
      section: '5.5',
      mark: 'D',
      fact: `${field} comes in changes[]`,
      case: async (meta) => {
        const callback = await registered(meta)
        const value = { event: 'x' }
        await meta.simulator.happen({
          pageId: meta.pageId,
          event: { kind: 'change', field, value },
        })
        await meta.simulator.quiet()
        expect(firstBody(callback).entry[0]?.changes).toEqual([{ field, value }])
      },
    }),
  ),
  {
    id: '5.5-optouts',
    section: '5.5',
    mark: 'O',
    fact: 'messaging_optouts is listed among the fields',
    leftOut: 'its shape is known nowhere; the act "other" writes whatever one thinks it is',
  },
]

function rowOf({ name, fact, cause, holds, lacks = [], mark, section = '5.5' }: Told): Row {
  return {
    id: `${section}-${name}`,
    section,
    mark: mark ?? 'D',
    fact,
    case: async (meta) => {
      const { simulator, pageId, psid } = meta
      const callback = await registered(meta)
      if ('act' in cause) await simulator.act({ pageId, psid, act: cause.act })
      else {
        const inThread = cause.alone === true ? {} : { psid }
        await simulator.happen({ pageId, ...inThread, event: cause.event })
      }
      await simulator.quiet()
      const [item] = callback.items()
      const [[member, value] = ['', null]] = Object.entries(holds)
      expect(item?.[member]).toEqual(value)
      for (const absent of lacks) expect(item).not.toHaveProperty(absent)
    },
  }
}
