/** How one posted webhook was answered, as the record of answers keeps it. Pure. */

/** Why a webhook was not answered 200; a closed list, told by docs/webhook-health.md. */
export const CAUSES = ['signature', 'too-large', 'too-slow', 'log-unavailable', 'fault'] as const

export type Cause = (typeof CAUSES)[number]

export interface WebhookAnswer {
  /** Business clock. */
  readonly atMs: number
  /** From the head of the request to the last byte of the answer, by the machine's clock. */
  readonly durationMs: number
  /** Null = answered 200. */
  readonly cause: Cause | null
  /** It bore a signature of the right form, whoever made it. */
  readonly isSigned: boolean
  /** Pages that a verified body names; empty where nothing verified says so. */
  readonly pages: readonly string[]
  /** 64 hex digits; null where no whole body came, or none was read. */
  readonly bodySha256: string | null
}

const CAUSE_OF_STATUS: Readonly<Record<number, Cause>> = {
  400: 'too-slow',
  401: 'signature',
  408: 'too-slow',
  413: 'too-large',
  503: 'log-unavailable',
}

/** 'none' where the answer is none to a webhook of ours: another app id, another address. */
export function causeOf(status: number): Cause | null | 'none' {
  if (status === 200) return null
  const known = CAUSE_OF_STATUS[status]
  if (known !== undefined) return known
  return status >= 500 ? 'fault' : 'none'
}

/**
 * Whether the answer speaks of us. Anybody can send what is unsigned, too large or slow, so none
 * of that may make our figures look bad or raise an alarm.
 */
export function isOurs({ cause }: Pick<WebhookAnswer, 'cause'>): boolean {
  return cause === null || cause === 'log-unavailable' || cause === 'fault'
}
