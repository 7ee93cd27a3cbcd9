/** The webhook of something that happened to a page, in the shape of the event reference. */
import { assertNever } from '@otn/kernel'

import type { PageEventHappened } from './facts.ts'
import type { JsonObject } from './json-object.ts'
import type { PageEvent } from './page-event.ts'
import type { WebhookEvent } from './webhook-event.ts'

/** What the app is told of an event of a page. */
export function pageEventItem(fact: PageEventHappened): WebhookEvent {
  const { pageId, event, atMs } = fact
  if (event.kind === 'change') {
    const { field, value } = event
    return { pageId, field, array: 'changes', item: { field, value } }
  }
  const item = { ...endsOf(fact), timestamp: atMs, ...memberOf(event) }
  return { pageId, field: FIELDS[event.kind], array: 'messaging', item }
}

type Messaging = Exclude<PageEvent, { readonly kind: 'change' }>

const FIELDS = {
  'pass-thread-control': 'messaging_handovers',
  'take-thread-control': 'messaging_handovers',
  'request-thread-control': 'messaging_handovers',
  'app-roles': 'messaging_handovers',
  'policy-enforcement': 'messaging_policy_enforcement',
  echo: 'message_echoes',
} as const satisfies Readonly<Record<Messaging['kind'], string>>

function endsOf({ pageId, psid, event }: PageEventHappened): JsonObject {
  const page = { id: pageId }
  if (event.kind === 'echo') return { sender: page, recipient: { id: psid } }
  // Policy has no sender; roles have none in newer kinds.
  if (event.kind === 'policy-enforcement' || psid === null) return { recipient: page }
  return { sender: { id: psid }, recipient: page }
}

function memberOf(event: Messaging): JsonObject {
  switch (event.kind) {
    case 'pass-thread-control':
      return { pass_thread_control: ownersOf(event) }
    case 'take-thread-control':
      return { take_thread_control: ownersOf(event) }
    case 'request-thread-control': {
      const { requestedOwnerAppId, metadata } = event
      return {
        request_thread_control: { requested_owner_app_id: requestedOwnerAppId, ...said(metadata) },
      }
    }
    case 'echo': {
      const { mid, appId, text, metadata } = event
      return { message: { mid, is_echo: true, app_id: Number(appId), ...said(metadata), text } }
    }
    case 'app-roles':
      return { app_roles: event.roles }
    case 'policy-enforcement': {
      const { action, reason } = event
      const why = action === 'unblock' || reason === undefined ? {} : { reason }
      return { policy_enforcement: { action, ...why } }
    }
    default:
      return assertNever(event)
  }
}

type Handover = Extract<PageEvent, { readonly previousOwnerAppId: string | null }>

function ownersOf({ previousOwnerAppId, newOwnerAppId, metadata }: Handover): JsonObject {
  return {
    previous_owner_app_id: previousOwnerAppId,
    new_owner_app_id: newOwnerAppId,
    ...said(metadata),
  }
}

function said(metadata: string | undefined): JsonObject {
  return metadata === undefined ? {} : { metadata }
}
