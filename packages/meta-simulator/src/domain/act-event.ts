/** The webhook of a person's act, in the shape of the platform's event reference. */
import { assertNever } from '@otn/kernel'

import type { PersonActed } from './facts.ts'
import type { JsonObject } from './json-object.ts'
import type { PersonAct, Referral } from './person-act.ts'
import type { WebhookEvent } from './webhook-event.ts'

/** What the app is told of an act. */
export function actEvent({ pageId, psid, act, atMs }: PersonActed): WebhookEvent {
  const { field, member } = actMember(act)
  const sender = act.kind === 'checkbox-opt-in' ? {} : { sender: { id: psid } }
  const item = { ...sender, recipient: { id: pageId }, timestamp: atMs, ...member }
  return { pageId, field, array: 'messaging', item }
}

interface Told {
  /** What an app must have subscribed to. */
  readonly field: string
  readonly member: JsonObject
}

function told(field: string, member: JsonObject): Told {
  return { field, member }
}

function actMember(act: PersonAct): Told {
  switch (act.kind) {
    case 'message':
      return told('messages', { message: messageMember(act) })
    case 'unsend':
      return told('messages', { message: { mid: act.mid, is_deleted: true } })
    case 'edit':
      return told('message_edits', {
        message_edit: { mid: act.mid, text: act.text, num_edit: String(act.edits) },
      })
    case 'postback':
    case 'reaction':
      return pressMember(act)
    case 'read':
      return told('message_reads', { read: { watermark: act.watermarkMs } })
    case 'delivery': {
      const mids = act.mids.length === 0 ? {} : { mids: act.mids }
      return told('message_deliveries', { delivery: { ...mids, watermark: act.watermarkMs } })
    }
    case 'referral':
      return told('messaging_referrals', { referral: referralMember(act.referral) })
    case 'plugin-opt-in':
    case 'checkbox-opt-in':
    case 'request-accepted':
    case 'recurring-opt-in':
      return told('messaging_optins', { optin: optInMember(act) })
    case 'link-account':
    case 'unlink-account':
      return told('messaging_account_linking', { account_linking: linkMember(act) })
    case 'survey':
      return told('messaging_feedback', { messaging_feedback: { feedback_screens: act.screens } })
    case 'rate-response':
      return told('response_feedback', {
        response_feedback: { feedback: act.feedback, mid: act.mid },
      })
    case 'other':
      return told(act.field, { [act.member]: act.value })
    default:
      return assertNever(act)
  }
}

type ActOf<Kind extends PersonAct['kind']> = Extract<PersonAct, { readonly kind: Kind }>

function messageMember(act: ActOf<'message'>): JsonObject {
  const { mid, text, quickReplyPayload, replyToMid, attachments, isUnsupported } = act
  if (isUnsupported === true) return { mid, is_unsupported: true }
  return present({
    mid,
    text,
    quick_reply: quickReplyPayload === undefined ? undefined : { payload: quickReplyPayload },
    reply_to: replyToMid === undefined ? undefined : { mid: replyToMid, is_self_reply: false },
    attachments,
  })
}

function pressMember(act: ActOf<'postback'> | ActOf<'reaction'>): Told {
  const { mid } = act
  if (act.kind === 'postback') {
    const { title, payload, referral } = act
    const came = referral === undefined ? {} : { referral: referralMember(referral) }
    return told('messaging_postbacks', { postback: { mid, title, payload, ...came } })
  }
  const { action, reaction, emoji } = act
  const shown = action === 'react' ? { reaction, emoji } : {}
  return told('message_reactions', { reaction: { ...shown, action, mid } })
}

function referralMember({ ref, source, type, adId, refererUri, isGuestUser }: Referral) {
  return present({
    ref,
    source,
    type,
    ad_id: adId,
    referer_uri: refererUri,
    is_guest_user: isGuestUser,
  })
}

type OptIn = ActOf<'plugin-opt-in' | 'checkbox-opt-in' | 'request-accepted' | 'recurring-opt-in'>

function optInMember(act: OptIn): JsonObject {
  switch (act.kind) {
    case 'plugin-opt-in':
      return { ref: act.ref }
    case 'checkbox-opt-in':
      return present({ ref: act.ref, user_ref: act.userRef })
    case 'request-accepted':
      return present({ message_request: 'accept', ref: act.ref })
    case 'recurring-opt-in':
      return present({
        type: 'notification_messages',
        payload: act.payload,
        notification_messages_token: act.token,
        notification_messages_frequency: act.frequency,
        notification_messages_timezone: act.timezone,
        token_expiry_timestamp: act.expiresAtMs,
        user_token_status: act.renewed === true ? 'REFRESHED' : 'NOT_REFRESHED',
        notification_messages_status: act.status,
        title: act.title,
      })
    default:
      return assertNever(act)
  }
}

function linkMember(act: ActOf<'link-account' | 'unlink-account'>): JsonObject {
  if (act.kind === 'unlink-account') return { status: 'unlinked' }
  return { status: 'linked', authorization_code: act.authorizationCode }
}

/** The members that have a value. */
function present(members: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
}
