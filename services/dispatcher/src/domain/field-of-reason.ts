import type { Notify, ReasonCode } from '@otn/contracts'

const FIELDS: Partial<Record<ReasonCode, keyof Notify>> = {
  'command-id-invalid': 'commandId',
  'page-id-invalid': 'pageId',
  'recipient-missing': 'psid',
  'recipient-ambiguous': 'psid',
  'recipient-invalid': 'psid',
  'external-user-unknown': 'externalUserId',
  'content-missing': 'text',
  'content-ambiguous': 'text',
  'text-empty': 'text',
  'text-too-long': 'text',
  'message-invalid': 'message',
  'message-kind-disabled': 'message',
  'message-kind-unknown': 'message',
  'message-limit': 'message',
  'metadata-reserved': 'message',
  'personal-data': 'text',
  'sensitive-words': 'text',
  'route-unknown': 'route',
  'route-disabled': 'route',
  'recipient-contradicts-route': 'route',
  'tag-contradicts-route': 'tag',
  'tag-missing': 'tag',
  'tag-unknown': 'tag',
  'tag-not-allowed': 'tag',
  'tag-content-mismatch': 'tag',
  'time-zone-unknown': 'timeZone',
  'topic-missing': 'topic',
  'topic-invalid': 'topic',
}

/** The field that a refused command should be corrected in; empty where it is none of its own. */
export function fieldOfReason(reason: ReasonCode, notify: Notify): string {
  const field = FIELDS[reason] ?? ''
  if (field === 'text' && notify.message) {
    return reason.startsWith('content-') ? field : 'message'
  }
  if (reason !== 'recipient-invalid' || notify.psid) return field
  return notify.externalUserId ? 'externalUserId' : 'tokenId'
}
