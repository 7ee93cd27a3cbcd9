/** As the services' defaults, where they have some. */
export const SETTINGS = {
  calls: { leaseMs: 60_000, settleMs: 120_000 },
  doubt: { probesMax: 3, doubtMsMax: 3_600_000 },
  asking: {
    personalData: 'refuse',
    sensitiveWords: 'refuse',
    chainConsent: 'flag',
    // So few that a world comes to it.
    personMax: 2,
    pageMax: 10_000,
    periodMs: 86_400_000,
    openMs: 7 * 86_400_000,
  },
  notifying: {
    kindsOff: [],
    routesOff: [],
    tags: [{ pageId: null, tag: 'HUMAN_AGENT' }],
    windowGuard: 'refuse',
    personalData: 'flag',
    sensitiveWords: 'flag',
  },
  laneConcurrency: 2,
  concurrency: 4,
  recheckMs: 900_000,
  pace: { ceilings: { text: 300, media: 10 }, throttleMsMax: 3_600_000 },
  /** Our year ends a day before the platform's. */
  expiryMarginMs: 86_400_000,
  lifeMs: 365 * 86_400_000,
} as const
