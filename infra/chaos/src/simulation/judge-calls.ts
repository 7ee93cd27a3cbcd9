/** Whether a call is one that the command may make, by what people agreed to and wrote. */
import type { BusinessClock } from './business-clock.ts'
import {
  type Commanded,
  type Given,
  isRequest,
  type JudgeParts,
  type Violation,
} from './judge-parts.ts'
import { type GrantedToken, idOf, type SendRequest } from './send-request.ts'
import { SETTINGS } from './settings.ts'

/** Decisions may be this old when a call is made: their answers travelled, or stood still. */
const OLD_MS = 260_000

type Parts = Pick<JudgeParts, 'platform'> & { readonly clock: BusinessClock }

/** What is wrong with a call, its consent's withdrawal apart. */
export function faultsOfCall(
  request: SendRequest,
  commanded: Commanded | undefined,
  { platform, clock }: Parts,
): readonly Violation[] {
  const { token, psid, page, topic, commandId } = request
  const given = (topic === null ? commanded?.notify : commanded?.request) ?? null
  const granted = token === null ? null : (platform().tokens.get(token) ?? null)
  const isMeant = granted === null ? isAskedFor(request, commanded) : isConsentFor(given, granted)
  const detail = `${commandId} ${token ?? psid}`
  if (given === null || !isMeant) return [{ rule: 'no call without consent', detail }]
  const faults: Violation[] = []
  if (topic !== null && topic !== given.topic) {
    faults.push({ rule: 'no call without consent', detail: `${detail} about ${topic}` })
  }
  const earliest = clock.lowestIn(OLD_MS)
  if (granted !== null && earliest >= yearEndOf(granted)) {
    faults.push({ rule: 'no call after expiry', detail })
  }
  if (earliest > (given.giveUpAt ?? Number.POSITIVE_INFINITY)) {
    faults.push({ rule: 'no call after it was to give up', detail: commandId })
  }
  const until = psid === null ? Number.POSITIVE_INFINITY : platform().windowUntil({ page, psid })
  if (until === null || earliest >= until) {
    faults.push({ rule: 'no question outside of the window', detail })
  }
  return faults
}

/** Nobody but a request names the person, and it names the one it was given. */
function isAskedFor({ token, psid, page }: SendRequest, commanded: Commanded | undefined): boolean {
  const request = commanded?.request ?? null
  return token === null && psid !== null && request?.psid === psid && request.pageId === page
}

/** A message needs consent to its topic; a token pays for a question about anything. */
export function isConsentFor(
  given: Given | null,
  { raw, page, psid, topic }: GrantedToken,
): boolean {
  if (given === null || given.pageId !== page) return false
  if (isRequest(given)) return given.tokenId === idOf(raw)
  const isTheirs = given.psid ? given.psid === psid : given.tokenId === idOf(raw)
  return isTheirs && given.topic === topic
}

export function yearEndOf({ grantedAt }: GrantedToken): number {
  return grantedAt + SETTINGS.lifeMs - SETTINGS.expiryMarginMs
}
