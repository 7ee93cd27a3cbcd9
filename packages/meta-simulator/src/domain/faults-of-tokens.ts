/**
 * What a send with a one-time token gets that is not honoured. All of it is a guess: no page and
 * no log shows the answer to a token that is used, expired, foreign or unknown.
 */
import { bad, type Fault } from './fault.ts'

export const tokenFaults = {
  /** From the sister feature. */
  'token-unknown': bad(100, '(#100) The one time notification token is invalid'),
  /** From what a foreign PSID gets. */
  'token-foreign': bad(100, '(#100) No matching user found', { subcode: 2018001 }),
  'token-spent': bad(100, '(#100) The one time notification token is invalid'),
  /** From the sister feature. */
  'token-expired': bad(100, '(#100) The one time notification token has expired'),
} as const satisfies Readonly<Record<string, Fault>>

/**
 * Forms that the answer to a spent token may take. `bad-request` has the very words that a body
 * with an empty text gets, so that nobody can tell the two apart by the answer.
 */
export const spentTokenForms = [
  'token-invalid',
  'bad-request',
  'window-closed',
  'person-unavailable',
] as const

export type SpentTokenForm = (typeof spentTokenForms)[number]

export const spentTokenAnswers: Readonly<Record<SpentTokenForm, Fault>> = {
  'token-invalid': tokenFaults['token-spent'],
  'bad-request': bad(100, '(#100) Message cannot be empty, must provide valid attachment or text', {
    subcode: 2018034,
  }),
  'window-closed': bad(10, '(#10) This message is sent outside of allowed window.', {
    subcode: 2018278,
  }),
  'person-unavailable': bad(551, "(#551) This person isn't available right now.", {
    subcode: 1545041,
  }),
}
