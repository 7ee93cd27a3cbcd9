/** Whether a person may be asked now, by what page, ledger and our own books say. */
import type { ReasonCode } from '@otn/contracts'
import { DAY_MS, type PersonId } from '@otn/kernel'
import type { RequestWorld, Verdict } from '@otn/policy'
import { openSince, sameTitleAt } from '../domain/asking.ts'
import { holdsLive, type LedgerAnswer, payingChoice } from '../domain/choose-token.ts'
import type { RequestContent } from '../domain/command-content.ts'
import type { StoredCommand } from '../domain/document.ts'
import type { Ruling } from '../domain/fact-draft.ts'
import { judgeAll } from '../domain/judge-request.ts'
import { threadGuard } from '../domain/thread.ts'
import type { DuePorts, Spending, Threads } from '../ports.ts'

export type Choice =
  | ({
      readonly kind: 'spend'
      /** A younger answer might choose another way: this one counts once it is fresh. */
      readonly mustBeFresh: boolean
    } & Pick<Spending, 'tokens' | 'advice' | 'lastLook' | 'actedAt'>)
  | { readonly kind: 'refuse'; readonly reason: ReasonCode; readonly ruling?: Ruling }

/** With what each rule said. */
export type RequestChoice = Choice & { readonly verdicts: readonly Verdict[] }

export interface Asking {
  readonly document: Pick<StoredCommand, 'id' | 'command'>
  readonly request: RequestContent
  readonly answer: LedgerAnswer
  /** Business clock. */
  readonly nowMs: number
}

type Ports = Pick<DuePorts, 'books' | 'asking'> & {
  readonly threads: Pick<Threads, 'settings'>
}

/** @throws OTN_STORE_UNREACHABLE where the books cannot be looked at: the run is repeated */
export async function chooseForRequest(ports: Ports, asking: Asking): Promise<RequestChoice> {
  const { request, answer, nowMs } = asking
  const { tokenId = null } = request
  const paying = tokenId === null ? null : payingChoice(answer, tokenId, nowMs)
  const tokenFault = paying?.kind === 'refuse' ? paying.reason : null
  const topic = request.topic ?? ''
  const books = await lookUp(ports, asking)
  const world: RequestWorld = {
    ...{ nowMs, tokenFault, ...books },
    windowOpenUntil: answer.windowOpenUntil,
    threadElsewhere: threadGuard(answer.thread, ports.threads.settings, nowMs),
    withdrewAt: answer.withdrewAt ?? null,
    // One who pays with a token is advised, not kept from it.
    holdsLiveToken: tokenId === null && holdsLive(answer, topic, nowMs),
  }
  const { refusal, advice, verdicts } = judgeAll(request, { settings: ports.asking, world })
  if (refusal !== null) return { kind: 'refuse', ...refusal, verdicts }
  const tokens = paying?.kind === 'spend' ? paying.tokens : [null]
  const { windowOpenUntil: until } = answer
  // What was withdrawn since the person acted stops the question right before its call as well.
  const actedAt = until === null ? null : until - DAY_MS
  const look = { lastLook: () => lastLook(ports, asking), actedAt, mustBeFresh: false }
  return { kind: 'spend', tokens, advice, ...look, verdicts }
}

type BooksSay = Pick<RequestWorld, 'openSince' | 'sameTitleAt' | 'askedPerson' | 'askedPage'>

async function lookUp({ books, asking }: Ports, about: Asking): Promise<BooksSay> {
  const { document, request, answer, nowMs } = about
  const person = personOf(about)
  if (person === null) return { openSince: null, sameTitleAt: null, askedPerson: 0, askedPage: 0 }
  const { openMs, periodMs, pageMax } = asking
  const { ofPerson, onPage } = await books.look({
    ...{ id: document.id, pageId: request.pageId, person },
    sinceMs: nowMs - Math.max(openMs, periodMs),
    pageSinceMs: nowMs - periodMs,
    pageMax,
  })
  const grants = answer.tokens.flatMap(({ topic, grantedAt }) =>
    topic === request.topic && grantedAt !== null ? [grantedAt] : [],
  )
  const titleDigest = document.command.asks?.titleDigest ?? null
  const ofTopic = ofPerson.filter(({ topic }) => topic === request.topic)
  return {
    openSince: openSince(ofTopic, { grants, nowMs, openMs }),
    sameTitleAt: sameTitleAt(ofPerson, { titleDigest, nowMs, openMs }),
    askedPerson: ofPerson.filter(({ at }) => at > nowMs - periodMs).length,
    askedPage: onPage,
  }
}

/**
 * Once more with the claim in hand: whoever else asks this person has claimed before and is seen,
 * or claims later and sees us.
 */
async function lastLook(ports: Ports, asking: Asking): Promise<ReasonCode | null> {
  const { openSince: since, sameTitleAt: sameAt, askedPerson } = await lookUp(ports, asking)
  if (since !== null) return 'request-open'
  if (sameAt !== null) return 'request-title-repeated'
  return askedPerson >= ports.asking.personMax ? 'person-limit' : null
}

function personOf({ document, answer }: Asking): PersonId | null {
  return document.command.person ?? answer.person
}
