/** What a token may be in, as the token-ledger's API names it. */
export const TOKEN_STATES = [
  'live',
  'reserved',
  'in-doubt',
  'redeemed',
  'expired',
  'rejected',
  'withdrawn',
] as const
