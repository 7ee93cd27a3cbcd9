/** The Kafka topics that a dispatcher reads with a cursor of its own in MongoDB. */

/** Streams of our own, in the order in which they are folded: facts before their evidence. */
export const OWN_STREAMS = [
  'notification',
  'optInRequestEvent',
  'campaignEvent',
  'receipt',
  'token',
] as const

/** Commands, in the order in which they are read. */
export const COMMANDS = ['notify', 'optInRequest', 'cancel', 'campaign'] as const

export type CommandStream = (typeof COMMANDS)[number]

export type OwnStream = (typeof OWN_STREAMS)[number]
