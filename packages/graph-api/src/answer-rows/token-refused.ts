import { type AnswerRow, tokenRefused } from '../answer-row.ts'

/**
 * Answers to a send by token. No code of a used, expired or unknown token is documented; these are
 * what its documented relatives answer, so one such answer is a suspicion, not a verdict.
 */
export const tokenRefusedRows: readonly AnswerRow[] = [
  tokenRefused('token-not-honoured', {
    codes: ['100'],
    meaning: 'Invalid parameter: the token is unknown, expired or used, or the body is wrong',
    owner: 'person',
    reason: 'token-rejected',
    verdict: 'suspect',
  }),
  tokenRefused('token-of-another-page', {
    codes: ['100/2018001'],
    meaning: 'No matching person: the token belongs to another page',
    owner: 'operator',
    reason: 'token-rejected',
    verdict: 'suspect',
  }),
  tokenRefused('token-outside-window', {
    codes: ['10/2018278', '10/2018065'],
    meaning: 'Outside the window, though a token was given: it does not count any more',
    owner: 'person',
    reason: 'token-rejected',
    verdict: 'suspect',
  }),
  tokenRefused('topic-stopped', {
    codes: ['10/1893015'],
    meaning: 'The person stopped this topic',
    owner: 'person',
    reason: 'token-withdrawn',
    verdict: 'dead',
  }),
]
