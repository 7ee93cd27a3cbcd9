/** The webhooks that a fact leads to, in the shapes of the platform's event reference. */
import { assertNever } from '@otn/kernel'

import { actEvent } from './act-event.ts'
import type { Fact, MessageDelivered, TokenIssued } from './facts.ts'
import { isGraphFact } from './graph-facts.ts'
import { pageEventItem } from './page-event-item.ts'
import type { Switches } from './switches.ts'
import type { WebhookEvent } from './webhook-event.ts'

export interface WebhookSource {
  readonly appId: string
  readonly switches: Switches
}

/** What Meta tells the app about a fact; null when it tells nothing. */
export function webhookOf(fact: Fact, source: WebhookSource): WebhookEvent | null {
  if (isGraphFact(fact)) return null
  switch (fact.type) {
    case 'PersonJoined':
    case 'ClockAdvanced':
    case 'PersonBlocked':
    case 'PersonUnblocked':
    case 'PersonStopped':
    case 'PersonResumed':
    case 'ThreadDeleted':
    case 'PageSubscribed':
    case 'PageUnsubscribed':
      return null
    case 'PageEventHappened':
      return pageEventItem(fact)
    case 'PersonActed':
      return actEvent(fact)
    case 'TokenIssued':
      return optInEvent(fact)
    case 'MessageDelivered':
      return echoEvent(fact, source)
    default:
      return assertNever(fact)
  }
}

function optInEvent({ issued }: TokenIssued): WebhookEvent {
  const optin = {
    type: 'one_time_notif_req',
    payload: issued.payload,
    one_time_notif_token: issued.token,
  }
  const { pageId, psid, grantedAtMs: timestamp } = issued
  const item = { sender: { id: psid }, recipient: { id: pageId }, timestamp, optin }
  return { pageId, field: 'messaging_optins', array: 'messaging', item }
}

function echoEvent({ delivered }: MessageDelivered, source: WebhookSource): WebhookEvent | null {
  const { echo, echoOnTokenSend } = source.switches
  if (!echo || (delivered.token !== null && !echoOnTokenSend)) return null
  const { pageId, psid, mid, atMs } = delivered
  const { metadata, text, attachment } = delivered.message
  const message = {
    mid,
    is_echo: true,
    // A number on the wire, unlike every other id.
    app_id: Number(source.appId),
    ...(metadata === undefined ? {} : { metadata }),
    ...(text === undefined ? {} : { text }),
    ...(attachment === undefined ? {} : { attachments: [attachment] }),
  }
  const item = { sender: { id: pageId }, recipient: { id: psid }, timestamp: atMs, message }
  return { pageId, field: 'message_echoes', array: 'messaging', item }
}
