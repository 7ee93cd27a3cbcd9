/** Whether a call is one that the command may make, by what people agreed to and wrote. */
import type { BusinessClock } from './business-clock.ts'
import { identity } from './bytes.ts'
import {
  type Commanded,
  type Given,
  isRequest,
  type JudgeParts,
  type PlatformTruth,
  type Violation,
} from './judge-parts.ts'
import { reachOf } from './judge-windows.ts'
import { type GrantedToken, idOf, type SendRequest } from './send-request.ts'
import { SETTINGS } from './settings.ts'
import { type Consent, consentOf } from './withdrawals-seen.ts'

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
  const isMeant = granted === null ? isAskedFor(request, given) : isConsentFor(given, granted)
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
  const reachMs = reachOf(request, given)
  const actedAt = platform().actedAt({ page, psid: psid ?? '' })
  if (reachMs !== null && (actedAt === null || earliest >= actedAt + reachMs)) {
    faults.push({ rule: 'no call outside of the window', detail })
  }
  return faults
}

/** A token belongs to one command, and a command has one token, once something was delivered. */
export function* contests(
  { token, commandId }: SendRequest,
  delivered: readonly SendRequest[],
): Generator<Violation> {
  const own = delivered.find((call) => call.commandId === commandId && call.token !== token)
  const stranger = delivered.find(
    (call) => token !== null && call.token === token && call.commandId !== commandId,
  )
  if (stranger) {
    const detail = `${commandId} calls with that of ${stranger.commandId}`
    yield { rule: 'one command a token', detail }
  }
  if (own)
    yield { rule: 'one token a command', detail: `${commandId} was delivered by ${own.token}` }
}

export interface CallToJudge {
  /** Raw; null = the call names the person. */
  readonly token: string | null
  /** Of a question. */
  readonly asks: boolean
}

/**
 * What a call rests on: the token's consent, or the window that the person opened by acting, which
 * a message by such a route may use; null where it rests on neither.
 */
export function consentOfCall(
  { token, asks }: CallToJudge,
  commanded: Commanded | undefined,
  platform: PlatformTruth,
): Consent | null {
  if (token !== null) {
    const granted = platform.tokens.get(token)
    return granted ? consentOf(granted) : null
  }
  const { pageId: page, psid, topic = null } = commanded?.notify ?? {}
  if (asks || !page || !psid) return null
  const actedAt = platform.actedAt({ page, psid })
  const person = identity.person(page, psid)
  return actedAt === null
    ? null
    : { tokenId: null, pageId: page, person, topic, grantedAt: actedAt }
}

/** A question, or a message by a route that names the person; and the one that it was given. */
function isAskedFor({ token, psid, page, tag }: SendRequest, given: Given | null): boolean {
  const isNamed = token === null && psid !== null && given?.psid === psid && given.pageId === page
  if (!isNamed) return false
  if (isRequest(given)) return tag === null
  if (given.route === 'TAG') return tag !== null && tag === given.tag
  return tag === null && (given.route === 'WINDOW' || given.route === 'AUTO')
}

/** A message needs consent to its topic; a token pays for a question about anything. */
export function isConsentFor(
  given: Given | null,
  { raw, page, psid, topic }: GrantedToken,
): boolean {
  if (given === null || given.pageId !== page) return false
  if (isRequest(given)) return given.tokenId === idOf(raw)
  if (given.route === 'WINDOW' || given.route === 'TAG') return false
  const isTheirs = given.psid ? given.psid === psid : given.tokenId === idOf(raw)
  return isTheirs && given.topic === topic
}

export function yearEndOf({ grantedAt }: GrantedToken): number {
  return grantedAt + SETTINGS.lifeMs - SETTINGS.expiryMarginMs
}
