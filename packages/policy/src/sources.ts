import type { Source } from './rule.ts'

/** The sentences our rules rest on; `packages/seeds` holds them with their quotes. */
const SENTENCES = {
  'S0-02': 'Nobody gets a message who was not asked and did not agree',
  'S0-10': 'Its body has the form of every template',
  'S0-11': "Only title and payload are the caller's to choose",
  'S0-12': 'A title has at most 65 characters',
  'S0-13': 'The question names the person by page-scoped id',
  'S0-16': 'A follow-up names the token and the text, never the person',
  'S0-18': 'Rich content may stand in place of text',
  'S0-19': 'The kinds of message are those of the Send API',
  'S0-27': 'A payload carries nothing secret, personal or sensitive',
  'S0-28': 'The number of questions is limited, to spare people',
  'S1-04': 'One app serves several pages and never mixes them',
  'S1-08': 'It is known which app owns a thread',
  'S1-12': 'A thread can be tied to a user of the site, and addressed by it',
  'S1-17': 'No message on a topic the person did not agree to',
  'S1-19': 'A question needs an open window, each single one',
  'S1-20': 'People are not flooded with questions',
  'S1-27': 'A token may be spent on another question, with advice against it',
  'S1-28': 'A used token that is refused is a dead one, whoever used it',
  'S1-31': 'A send by token carries no message tag',
  'S1-37': 'A message of an approved use is tagged, inside the window too',
  'S1-38': 'Without tag or token nothing goes out outside the window',
  'S1-39': 'A tag counts for approved uses and a page in good standing',
  U16: 'Personal data is found in what is asked and sent',
  U3: 'A doubt is closed by echo, by probe or by a person',
} as const

type SourceId = keyof typeof SENTENCES

const entries = Object.entries(SENTENCES).map(([id, sentence]) => [id, { id, sentence }])

export const sources = Object.fromEntries(entries) as Readonly<Record<SourceId, Source>>
