/** Why a body is refused, whoever it is addressed to. */
import { bad, type Fault } from './fault.ts'

const hundred = (subcode: number, message: string): Fault =>
  bad(100, `(#100) ${message}`, { subcode })

export const bodyFaults = {
  'parameter-invalid': bad(100, '(#100) {detail}'),
  'message-and-action': hundred(2018014, 'Cannot send message and sender_action together'),
  'message-missing': hundred(2018015, 'Either message or sender_action is required'),
  'message-empty': hundred(
    2018034,
    'Message cannot be empty, must provide valid attachment or text',
  ),
  'buttons-invalid': hundred(2018040, 'Invalid buttons: {detail}'),
  'button-field-missing': hundred(2018041, 'A button lacks a field: {detail}'),
  'button-text-missing': hundred(2018053, 'A button template needs a text'),
  'app-id-wrong': hundred(2018164, 'Invalid app id'),
  'tag-invalid': bad(100, '(#100) Invalid tag.'),
  'tag-removed': bad(100, '(#100) This message tag is no longer supported.'),
  'media-not-fetched': hundred(2018008, 'Failed to fetch the file from the url'),
  'media-type-wrong': hundred(2018047, 'Upload attachment failure: wrong media type.'),
  'attachment-foreign': hundred(2018074, 'The attachment does not belong to this page'),
  'attachment-too-large': hundred(2018109, 'Attachment size exceeds allowable limit'),
  'media-timeout': hundred(2018294, 'Video fetch timed out'),
  'account-linking-token-wrong': bad(10303, '(#10303) Invalid account_linking_token'),
} as const satisfies Readonly<Record<string, Fault>>
