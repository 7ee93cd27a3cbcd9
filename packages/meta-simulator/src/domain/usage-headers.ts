/** The headers in which the platform tells how much of a limit is used, in percent. */

export type Headers = Readonly<Record<string, string>>

export interface PageUsage {
  readonly pageId: string
  readonly type: 'messenger' | 'pages'
  readonly percent: number
  /** `estimated_time_to_regain_access`. */
  readonly regainMinutes: number
}

/** Of calls with the token of a user or of the app. */
export function appUsageHeaders(percent: number): Headers {
  return { 'x-app-usage': JSON.stringify(shares(percent)) }
}

/** Of calls with the token of a page: its business use case, and the older form. */
export function pageUsageHeaders({ pageId, type, percent, regainMinutes }: PageUsage): Headers {
  const bucket = {
    type,
    ...shares(percent),
    estimated_time_to_regain_access: regainMinutes,
  }
  return {
    'x-business-use-case-usage': JSON.stringify({ [pageId]: [bucket] }),
    'x-page-usage': JSON.stringify(shares(percent)),
  }
}

/** Time and processor are no limits here, so they never lead. */
function shares(percent: number) {
  const quarter = Math.min(25, percent)
  return { call_count: percent, total_cputime: quarter, total_time: quarter }
}
