import { type AnswerRow, refused } from '../answer-row.ts'

const PLATFORM = { reason: 'graph-refused', owner: 'operator', retry: 'after-fix' } as const
const CALLER = { reason: 'graph-refused', owner: 'caller', retry: 'after-fix' } as const
const PERSON = { reason: 'recipient-unavailable', owner: 'person', retry: 'rarely' } as const
const THREAD = { reason: 'thread-owned-elsewhere', retry: 'later' } as const

/** Definite refusals that concern neither the token, nor the page as a whole, nor the pace. */
export const refusedRows: readonly AnswerRow[] = [
  // The person.
  refused('person-unavailable', {
    codes: ['551', '551/1545041', '551/1893047', '200/1545041'],
    meaning: 'The person blocked the page, deleted the thread or the account',
    ...PERSON,
  }),
  refused('person-disallows', {
    codes: ['230'],
    meaning: 'The settings of the person do not allow this message',
    ...PERSON,
  }),
  refused('person-not-accepting', {
    codes: ['10/2018108'],
    meaning: 'The person accepts no messages now',
    ...PERSON,
  }),
  refused('person-in-europe-or-japan', {
    codes: ['10/2018336'],
    meaning: 'The feature is not available to this person under EU or JP rules',
    ...PERSON,
    owner: 'platform',
    retry: 'never',
  }),
  refused('topic-stopped-by-person', {
    codes: ['10/1893015'],
    on: 'psid',
    meaning: 'The person stopped this topic',
    reason: 'token-withdrawn',
    owner: 'person',
    retry: 'never',
  }),
  refused('person-not-found', {
    codes: ['100/2018001'],
    on: 'psid',
    meaning: 'No matching person: the id belongs to another page or app',
    ...PLATFORM,
  }),
  // The window.
  refused('outside-window', {
    codes: ['10/2018278', '10/2018065'],
    on: 'psid',
    meaning: 'The 24-hour window is closed',
    reason: 'window-closed',
    owner: 'caller',
    retry: 'never',
  }),
  refused('outside-window-instagram', {
    codes: ['10/2534022'],
    meaning: 'The window is closed, as the Instagram host says it',
    reason: 'window-closed',
    owner: 'caller',
    retry: 'never',
  }),
  // The thread. 2018300 comes as a code of its own or under 10.
  refused('thread-owned-by-another-app', {
    codes: ['10/2018300', '2018300'],
    meaning: 'Another app controls the thread',
    ...THREAD,
    owner: 'operator',
  }),
  refused('thread-roles', {
    codes: ['2018171', '2018234'],
    meaning: 'The roles of the receivers do not allow it',
    ...THREAD,
    owner: 'platform',
  }),
  refused('thread-owned-by-automation', {
    codes: ['2018321'],
    meaning: "Messenger's own automation controls the thread, for minutes",
    ...THREAD,
    owner: 'platform',
  }),
  // Requests for consent.
  refused('already-asked', {
    codes: ['613/1893016'],
    meaning: 'The person was asked about this topic already',
    ...CALLER,
    retry: 'never',
  }),
  refused('optin-request-limit', {
    codes: ['9/2018352'],
    meaning: 'Too many requests for consent',
    ...CALLER,
    retry: 'rarely',
  }),
  refused('tag-misuse', {
    codes: ['613/2018338'],
    meaning: 'Warning: tags were misused towards this person',
    ...CALLER,
    retry: 'never',
  }),
  refused('cadence-too-short', {
    codes: ['4/2018354'],
    meaning: 'The next message of this cadence is not due',
    ...CALLER,
    retry: 'rarely',
  }),
  // The content.
  refused('invalid-parameter', {
    codes: ['100'],
    on: 'psid',
    meaning: 'Invalid parameter, removed or unknown tag',
    ...PLATFORM,
  }),
  refused('object-missing', {
    codes: ['100/33'],
    meaning: 'The object is missing or not permitted',
    ...PLATFORM,
  }),
  refused('media', {
    codes: ['100/2018008', '100/2018047', '100/2018074', '100/2018294', '100/2018109'],
    meaning: 'The attachment cannot be fetched, is of a wrong type, not ours or too large',
    ...CALLER,
  }),
  refused('body', {
    codes: [
      '100/2018014',
      '100/2018015',
      '100/2018034',
      '100/2018040',
      '100/2018041',
      '100/2018053',
      '100/2018164',
    ],
    meaning: 'The body of the request is wrong',
    ...PLATFORM,
  }),
  refused('label-terms', {
    codes: ['2/2018344'],
    meaning: 'The terms of labels are not accepted',
    ...PLATFORM,
    owner: 'page',
  }),
  // The app.
  refused('app-capability', {
    codes: ['3'],
    meaning: 'The app lacks the capability',
    ...PLATFORM,
  }),
  refused('phone-matching', {
    codes: ['200/2018027', '200/2018021'],
    meaning: 'Matching by phone number is not allowed or not paid',
    ...PLATFORM,
  }),
  refused('account-linking-token', {
    codes: ['10303'],
    meaning: 'The account linking token is wrong',
    ...PLATFORM,
  }),
  // What a notification cannot meet, listed so that it is no surprise.
  refused('private-reply', {
    codes: ['10900', '10903'],
    meaning: 'A private reply was made already or is not possible',
    ...CALLER,
    retry: 'never',
  }),
  refused('game-notification-limit', {
    codes: ['2018144', '4/2018144', '613/2018144'],
    meaning: 'The limit of notifications of an Instant Game is reached',
    reason: 'graph-refused',
    owner: 'nobody',
    retry: 'never',
  }),
  refused('profile', {
    codes: ['2018218', '2018247'],
    meaning: 'The profile is not available or not permitted',
    reason: 'graph-refused',
    owner: 'nobody',
    retry: 'never',
  }),
  refused('message-deleted', {
    codes: ['9000001'],
    meaning: 'The message was deleted',
    reason: 'graph-refused',
    owner: 'nobody',
    retry: 'never',
  }),
]
