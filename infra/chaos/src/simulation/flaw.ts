/** Bugs planted on purpose, at a port of the simulation, to see that they are caught. */
export const FLAWS = [
  '200 before ack',
  'offset before settle',
  'w:1',
  'intent after the call',
  'retry with another token',
  'PSID fallback after unknown',
  '5xx = failed',
  '"used" = sent without own unknown attempt',
  'hidden HTTP retry',
  'LRU-only dedupe',
  'claim without the state guard',
  'fencing that drops a late 200',
  'expiry by local clock only',
  'partial batch acknowledged',
  'poison blocks partition',
  'projection without offset guard',
  'resolved send taken as acknowledged',
  'token released before the command is final',
  'claims count from 1 in an emptied store',
  'read model counts from 1 in an emptied store',
  'stale answer taken as a refusal',
  'a question of unknown outcome is put again',
  'last look that repeats the first',
  'question whenever a person once wrote',
] as const

export type Flaw = (typeof FLAWS)[number]
