/** What the judge finds, each with the column of the summary that it counts in. */
export const RULES = {
  'no acknowledged opt-in is lost': 'lost',
  'every opt-in of the log is folded': 'lost',
  'a token delivers once': 'doubled',
  'a command delivers once': 'doubled',
  'a person is asked once about a topic': 'doubled',
  'a person is not asked twice in the same words': 'doubled',
  'a person is not asked too often': 'doubled',
  'one command a token': 'doubled',
  'one token a command': 'doubled',
  'a 200 that somebody heard is told as sent': 'false verdicts',
  'failed means that nothing went out': 'false verdicts',
  'sent means that a message went out': 'false verdicts',
  'no refusal where a live token stood': 'false verdicts',
  'no refusal where the window stood open': 'false verdicts',
  'one final fact a command': 'false verdicts',
  'no verdict is contradicted by evidence': 'false verdicts',
  'a definite failure gives its token back': 'other',
  'each attempt is closed once': 'unfinished',
  'each command gets a verdict': 'unfinished',
  'everything ends once faults are healed': 'unfinished',
  'no call after expiry': 'other',
  'no call after it was to give up': 'other',
  'no call after withdrawal': 'other',
  'no call outside of the window': 'other',
  'AUTO spends no token while the window stands open': 'other',
  'no call without consent': 'other',
  'no call without its intent': 'other',
  'no token is contested': 'other',
  'claims are equal to the log': 'other',
  'the read model is equal to the log': 'other',
  'the ledger tells the state of each token': 'other',
  'no process fails by a bug': 'other',
  'the judge does not fail': 'other',
} as const

export type Rule = keyof typeof RULES

/** As the auditor's; `other` = a finding all the same, with no column there. */
export type Column = (typeof RULES)[Rule]

export const COLUMNS = [
  'lost',
  'doubled',
  'false verdicts',
  'unfinished',
  'other',
] as const satisfies readonly Column[]
