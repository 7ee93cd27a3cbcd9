import { type AnswerRow, unknown } from '../answer-row.ts'

/** Errors that were seen or documented although the message went out. */
export const unknownRows: readonly AnswerRow[] = [
  unknown('unknown-error', {
    codes: ['1', '1/99', '1/*'],
    meaning: 'Unknown error of the platform',
    owner: 'platform',
    probe: 'allowed',
  }),
  unknown('error-after-delivery', {
    codes: ['1/1357046'],
    meaning: 'Documented as an error after the messages were delivered',
    owner: 'platform',
    probe: 'never',
  }),
  unknown('service-unavailable', {
    codes: ['2', '2/*'],
    meaning: 'Service of the platform is unavailable',
    owner: 'platform',
    probe: 'allowed',
  }),
  unknown('temporary-send-failure', {
    codes: ['1200', '1200/2018024', '1200/*'],
    meaning: 'Sending failed for a moment',
    owner: 'platform',
    probe: 'allowed',
  }),
  unknown('client-side-network', {
    codes: ['-1', '-1/*'],
    meaning: 'Network error, as some gateways write it',
    owner: 'operator',
    probe: 'allowed',
  }),
]
