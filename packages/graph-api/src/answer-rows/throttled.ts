import { type AnswerRow, throttled } from '../answer-row.ts'

/** Limits on the number of calls. 613 with another subcode is no rate limit: see refused.ts. */
export const throttledRows: readonly AnswerRow[] = [
  throttled('app-request-limit', {
    codes: ['4', '4/2018022', '4/*'],
    meaning: 'The app made too many calls',
    owner: 'operator',
    scope: 'app',
  }),
  throttled('user-token-limit', {
    codes: ['17', '17/*'],
    meaning: 'The person behind the access token made too many calls',
    owner: 'operator',
    scope: 'app',
  }),
  throttled('page-request-limit', {
    codes: ['32', '32/*'],
    meaning: 'Too many calls for this page',
    owner: 'operator',
    scope: 'page',
  }),
  throttled('app-limit', {
    codes: ['341', '341/*'],
    meaning: 'The app reached a limit',
    owner: 'operator',
    scope: 'app',
  }),
  throttled('api-rate', {
    codes: ['613', '613/2534040'],
    meaning: 'Calls came faster than the rate of this endpoint',
    owner: 'operator',
    scope: 'page',
  }),
  throttled('messenger-limit', {
    codes: ['80006', '80006/*'],
    meaning: 'The page used up its Messenger calls of the day',
    owner: 'operator',
    scope: 'page',
  }),
]
