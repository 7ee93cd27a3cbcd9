import type { RequestOptIn } from '@otn/contracts'
import type { Verdict } from '@otn/policy'
import { titleDigestOf } from '../domain/asking.ts'
import type { LedgerAnswer } from '../domain/choose-token.ts'
import { documentId, newCommand } from '../domain/command.ts'
import type { RequestContent } from '../domain/command-content.ts'
import { nextStep } from '../domain/decide.ts'
import { newDocument } from '../domain/document.ts'
import { reaches } from '../domain/freshness.ts'
import { judgePage } from '../domain/judge-request.ts'
import { isOwnedElsewhere } from '../domain/thread.ts'
import type { Preview } from '../inbox-ports.ts'
import type { DuePorts, PageView } from '../ports.ts'
import { chooseForRequest } from './choose-for-request.ts'
import {
  type Needs,
  orNull,
  type PreviewPorts,
  planned,
  previewPatiently,
  said,
  stoppedAtGate,
} from './preview-notification.ts'

export interface RequestPreviewPorts extends PreviewPorts, Pick<DuePorts, 'books' | 'asking'> {}

export interface RequestPreview extends Preview {
  /** What each rule says, in their order; empty where none was asked. */
  readonly verdicts: readonly Verdict[]
}

/** What would be decided about a question now, with the verdict of every rule. It asks nobody. */
export function previewRequest(
  ports: RequestPreviewPorts,
): (request: RequestOptIn) => Promise<RequestPreview> {
  const patiently = previewPatiently<RequestPreview>(ports)
  return (request) =>
    patiently(request, {
      look: (needs) => look(ports, { ...request, asks: true }, needs),
      plain: (preview) => ({ ...preview, verdicts: [] }),
    })
}

async function look(
  ports: RequestPreviewPorts,
  request: RequestContent,
  needs: Needs,
): Promise<RequestPreview> {
  const { pages, lanes, clock, asking: settings, doubt: limits } = ports
  const { pageId } = request
  const page = await pages.view(pageId, null)
  const { standing } = page
  const { refusal, verdicts } = judgePage(request, { standing, settings })
  if (refusal !== null) return { ...said('refuse', refusal.reason), verdicts }
  if (standing === 'behind') return { ...said('unsure', 'pages-behind'), verdicts }
  const document = draftOf(ports, request)
  const nowMs = clock.nowMs()
  const quietUntil = ports.quietUntil({ pageId, nowMs, timeZone: request.timeZone })
  const stop = lanes.stopOf(pageId)
  const situation = { nowMs, standing, stop, halt: null, quietUntil, limits }
  const step = nextStep(document, request, situation)
  if (step.kind === 'close') return { ...said('refuse', step.draft.reason), verdicts }
  if (step.kind === 'wait') return { ...said('wait', step.draft?.reason ?? null), verdicts }
  const { tokenId = null } = request
  const psid = tokenId === null ? (request.psid ?? null) : null
  const topic = request.topic ?? null
  const answer = await orNull(ports.ledger.ask({ pageId, psid, tokenId, topic }))
  if (answer === null) return { ...said('unsure', 'ledger-unavailable'), verdicts }
  return choose(ports, { document, request, answer, page }, needs)
}

interface Answered {
  readonly document: ReturnType<typeof draftOf>
  readonly request: RequestContent
  readonly answer: LedgerAnswer
  readonly page: PageView
}

async function choose(
  ports: RequestPreviewPorts,
  asked: Answered,
  needs: Needs,
): Promise<RequestPreview> {
  const { answer, document, page, request: content } = asked
  const choice = await chooseForRequest(ports, { ...asked, nowMs: ports.clock.nowMs() })
  const { verdicts } = choice
  if (choice.kind === 'spend') {
    const person = document.command.person ?? answer.person
    const stopped = await stoppedAtGate(ports, { content, person, ...choice })
    if (stopped !== null) return { ...stopped, verdicts }
    const { clock, threads } = ports
    if (isOwnedElsewhere(answer.thread, threads.settings, clock.nowMs())) {
      return { ...said('wait', 'thread-owned-elsewhere'), verdicts }
    }
    const [token] = choice.tokens
    const tokenId = token?.tokenId ?? null
    const candidates = tokenId === null ? 0 : 1
    const call = planned(ports, page, { content, byToken: tokenId !== null })
    return { decision: 'spend', reason: null, tokenId, candidates, call, verdicts }
  }
  const ends = await orNull(needs(document.command.person ?? answer.person))
  const isFresh = ends !== null && reaches(answer.asOf, ends)
  const preview = isFresh ? said('refuse', choice.reason) : said('unsure', 'ledger-behind')
  return { ...preview, verdicts }
}

/** The request as it would be recorded; it is not. */
function draftOf({ identity }: PreviewPorts, request: RequestContent) {
  const { pageId, commandId, psid, tokenId, topic = null, context = null, title } = request
  const nothing = { campaignId: null, digest: '' }
  const asks = { context, titleDigest: titleDigestOf(identity, title) }
  const asked = { requestedBy: null, requestedAt: null, ...nothing, asks }
  const route = tokenId ? ('TOKEN' as const) : ('WINDOW' as const)
  const person = psid ? identity.person(pageId, psid) : null
  const command = newCommand({ pageId, commandId, topic, route, ...asked }, person)
  const id = documentId(pageId, commandId)
  const document = newDocument({ command, content: null, giveUpAt: null })
  return { ...document, id, revision: 0, doubtMs: 0, isTaken: false }
}
