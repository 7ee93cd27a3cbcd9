/** Too much, too fast. `estimated_time_to_regain_access` travels in a header, not here. */
import { bad, type Fault } from './fault.ts'

export const limitFaults = {
  'app-limit': bad(4, '(#4) Application request limit reached'),
  'phone-number-limit': bad(4, '(#4) Too many sends to phone numbers', { subcode: 2018022 }),
  'cadence-limit': bad(4, '(#4) Sent before the next eligible time', { subcode: 2018354 }),
  'request-limit': bad(9, '(#9) The limit of opt-in requests was reached', { subcode: 2018352 }),
  'user-limit': bad(17, '(#17) User request limit reached'),
  'page-limit': bad(32, '(#32) Page request limit reached'),
  'app-rate': bad(341, '(#341) Application limit reached'),
  'call-rate': bad(613, '(#613) Calls to this api have exceeded the rate limit.'),
  'call-rate-2534040': bad(613, '(#613) Calls to this api have exceeded the rate limit.', {
    subcode: 2534040,
  }),
  'messenger-limit': bad(
    80006,
    '(#80006) There have been too many messenger api calls to this Page account. ' +
      'Wait a bit and try again.',
  ),
  'game-limit': bad(2018144, '(#2018144) The limit of game notifications was reached'),
} as const satisfies Readonly<Record<string, Fault>>
