import { messageTags, type NotifySettings, type RequestSettings } from '@otn/policy'

const NEWS = 'NON_PROMOTIONAL_SUBSCRIPTION'

const asking: RequestSettings = {
  ...{ personalData: 'refuse', sensitiveWords: 'refuse', chainConsent: 'flag' },
  ...{ personMax: 3, pageMax: 1_000_000, periodMs: 86_400_000, openMs: 7 * 86_400_000 },
}

const notifying: NotifySettings = {
  ...{ kindsOff: [], routesOff: [], windowGuard: 'refuse' },
  ...{ personalData: 'flag', sensitiveWords: 'refuse' },
  // No page of the stand-in is registered as news.
  tags: [...messageTags.keys()].filter((tag) => tag !== NEWS).map((tag) => ({ pageId: null, tag })),
}

/** As the services' defaults, but for the tags, which every page was granted. */
export const SETTINGS = {
  ...{ asking, notifying },
  calls: { leaseMs: 60_000, settleMs: 120_000 },
  doubt: { policy: 'probe', probesMax: 3, doubtMsMax: 3_600_000 },
} as const
