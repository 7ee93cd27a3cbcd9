import { type AnswerRow, pageStopped } from '../answer-row.ts'

/** Nothing of this page goes out until somebody acts. */
export const pageStoppedRows: readonly AnswerRow[] = [
  pageStopped('access-token', {
    codes: [
      '190',
      '190/458',
      '190/459',
      '190/460',
      '190/463',
      '190/464',
      '190/467',
      '190/490',
      '190/492',
      '190/2069032',
      '190/*',
    ],
    meaning: 'The page access token is expired, revoked, malformed or lacks its person',
    owner: 'page',
    standing: 'auth-lost',
  }),
  pageStopped('session', {
    codes: ['102', '102/*'],
    meaning: 'The session of the access token ended',
    owner: 'page',
    standing: 'auth-lost',
  }),
  // The code is that of a refused token; without this row a wrong app secret would seem to refuse
  // every token of the app. Both readings mean that nothing was sent.
  pageStopped('appsecret-proof', {
    codes: ['100'],
    text: /appsecret_proof/i,
    meaning: 'The proof of the app secret is missing or wrong',
    owner: 'operator',
    standing: 'auth-lost',
  }),
  pageStopped('permission-missing', {
    codes: ['10'],
    meaning: 'The page or app lacks the permission, or lost One-Time Notification',
    owner: 'page',
    standing: 'capability-missing',
  }),
  pageStopped('permission-not-reviewed', {
    codes: ['200', '200/2018028'],
    meaning: 'The permission is not reviewed: only people with a role in the app can be reached',
    owner: 'operator',
    standing: 'capability-missing',
  }),
  pageStopped('page-restricted', {
    codes: ['10/1893063'],
    meaning: 'The page is restricted from sending',
    owner: 'page',
    standing: 'blocked',
  }),
  pageStopped('optin-requests-restricted', {
    codes: ['10/1404170'],
    meaning: 'The page is restricted from asking for consent',
    owner: 'page',
    standing: 'blocked',
    affects: 'optin-requests',
  }),
  pageStopped('policy-block', {
    codes: ['368', '368/*'],
    meaning: 'Judged abusive or against policy; blocked for a time',
    owner: 'page',
    standing: 'blocked',
  }),
  pageStopped('feature-limit', {
    codes: ['2022', '2022/*'],
    meaning: 'Features are limited after a breach of policy',
    owner: 'page',
    standing: 'blocked',
  }),
  pageStopped('messages-off', {
    codes: ['10904'],
    meaning: 'The page has messages switched off',
    owner: 'page',
    standing: 'capability-missing',
  }),
]
