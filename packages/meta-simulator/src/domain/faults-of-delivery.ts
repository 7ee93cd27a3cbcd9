/** Why a message that could be read does not reach its person. */
import { bad, type Fault } from './fault.ts'

const OUTSIDE_WINDOW =
  '(#10) This message is sent outside of allowed window. Learn more about the new policy here: ' +
  'https://developers.facebook.com/docs/messenger-platform/policy-overview'

const UNAVAILABLE = "This person isn't available right now."

const ten = (subcode: number, message: string): Fault => bad(10, `(#10) ${message}`, { subcode })

export const deliveryFaults = {
  unknown: bad(1, 'An unknown error occurred', { status: 500 }),
  'unknown-99': bad(1, 'An unknown error occurred', { status: 500, subcode: 99 }),
  'answer-lost': bad(1, 'An unknown error occurred', { status: 500, subcode: 1357046 }),
  'service-unavailable': bad(2, 'An unexpected error has occurred. Please retry later.', {
    status: 500,
    transient: true,
  }),
  'label-terms': bad(2, '(#2) The terms of labels were not accepted', {
    subcode: 2018344,
    transient: false,
  }),
  'temporary-failure': bad(1200, '(#1200) Temporary send message failure. Please try again later.'),
  'temporary-failure-2018024': bad(
    1200,
    '(#1200) Temporary send message failure. Please try again later.',
    { subcode: 2018024 },
  ),
  'capability-missing': bad(3, '(#3) Application does not have the capability to make this call'),
  'window-closed': ten(2018278, OUTSIDE_WINDOW.slice('(#10) '.length)),
  'news-permission-missing': ten(2018065, 'This message is sent outside of allowed window.'),
  'window-closed-instagram': ten(2534022, 'This message is sent outside of allowed window.'),
  'person-accepts-nothing-now': ten(2018108, 'The person does not accept messages now'),
  'thread-owned': ten(2018300, 'Another app is controlling this thread now.'),
  'requests-restricted': ten(1404170, 'The page is restricted from sending opt-in requests'),
  'topic-stopped': ten(1893015, 'The person has stopped this topic'),
  'page-restricted': ten(1893063, 'The page is restricted from sending messages'),
  'person-protected': ten(2018336, 'The person is affected by rules of Europe or Japan'),
  /** Guess: what a page without the grant gets is documented nowhere. */
  'grant-missing': bad(10, '(#10) The page has no permission for one-time notifications'),
  'person-unknown': bad(100, '(#100) No matching user found', { subcode: 2018001 }),
  'person-without-role': bad(200, '(#200) The person has no role on this app'),
  'phone-matching-not-allowed': bad(200, '(#200) Phone matching is not allowed', {
    subcode: 2018027,
  }),
  'phone-matching-not-paid': bad(200, '(#200) Phone matching is not paid for', {
    subcode: 2018021,
  }),
  'person-unavailable-200': bad(200, `(#200) ${UNAVAILABLE}`, { subcode: 1545041 }),
  'person-unavailable-551': bad(551, `(#551) ${UNAVAILABLE}`),
  'person-unavailable': bad(551, `(#551) ${UNAVAILABLE}`, { subcode: 1545041 }),
  /** Guess: for one-time notifications no code of its own is known. */
  'person-stopped': bad(551, `(#551) ${UNAVAILABLE}`, { subcode: 1545041 }),
  'recipient-unavailable': bad(551, '(#551) The recipient is not available', {
    subcode: 1893047,
    transient: false,
  }),
  'permission-to-person-missing': bad(230, '(#230) Permissions disallow message to user'),
  'judged-abusive': bad(368, '(#368) The action attempted has been deemed abusive'),
  'feature-limited': bad(2022, '(#2022) The page is limited after a violation of policy'),
  'reply-made': bad(10900, '(#10900) Activity already replied to'),
  'reply-impossible': bad(10903, '(#10903) This user cannot reply to this activity'),
  'page-has-messages-off': bad(10904, '(#10904) The page has turned messages off'),
  'receiver-role-wrong': bad(2018171, '(#2018171) Only a secondary receiver can do this'),
  'primary-receiver-missing': bad(2018234, '(#2018234) The page has no primary receiver'),
  'automation-owns-thread': bad(2018321, '(#2018321) An automation controls this thread now'),
  'profile-not-available': bad(2018218, '(#2018218) The profile is not available'),
  'profile-not-permitted': bad(2018247, '(#2018247) Insufficient permission for this profile'),
  'message-deleted': bad(9000001, '(#9000001) The message was deleted'),
  /** Guess, from the sister feature. */
  'request-repeated': bad(613, '(#613) This request was already sent to this person.', {
    subcode: 1893016,
  }),
  'tag-misuse': bad(613, '(#613) Tags were misused towards this person', { subcode: 2018338 }),
} as const satisfies Readonly<Record<string, Fault>>
