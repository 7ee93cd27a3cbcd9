import { commandDigestText, type Notify, type ReasonCode, type RequestOptIn } from '@otn/contracts'
import { type Identity, isAppError, type PersonId } from '@otn/kernel'
import { routeAsked, type TakenRoute, type Verdict } from '@otn/policy'
import { backOffMs } from '../domain/back-off.ts'
import type { LedgerAnswer } from '../domain/choose-token.ts'
import { documentId, newCommand } from '../domain/command.ts'
import { nextStep } from '../domain/decide.ts'
import { isCommandOf, newDocument, type StoredCommand } from '../domain/document.ts'
import { type Offsets, reaches } from '../domain/freshness.ts'
import { judgeNotifyPage, judgeNotifyWords } from '../domain/judge-notify.ts'
import { isOwnedElsewhere } from '../domain/thread.ts'
import { type CallToMake, consentToCall } from '../domain/withdrawal.ts'
import type { Preview } from '../inbox-ports.ts'
import type { PlannedCall, PlannedRequest, Planner } from '../planner-port.ts'
import type { DuePorts, LanePorts, LogEnds, PageView, Spending } from '../ports.ts'
import { chooseForNotify, type Notifying } from './choose-for-notify.ts'

export interface PreviewPorts
  extends Pick<
      DuePorts,
      | 'commands'
      | 'pages'
      | 'lanes'
      | 'ledger'
      | 'clock'
      | 'doubt'
      | 'notifying'
      | 'threads'
      | 'withdrawalsRead'
      | 'quietUntil'
    >,
    Pick<LanePorts, 'gate' | 'machineMs' | 'sleep'> {
  readonly sender: Planner
  readonly ends: Pick<LogEnds, 'now'>
  readonly identity: Identity
  /** How long a ledger that is behind is asked again, machine time. */
  readonly patienceMs: number
}

const NOTHING = { reason: null, tokenId: null, candidates: 0, call: null } as const

export interface NotifyPreview extends Preview {
  /** The way it would go; null = that is not known yet. */
  readonly route: TakenRoute | null
  /** What each rule says, in their order; empty where none was asked. */
  readonly verdicts: readonly Verdict[]
}

/**
 * What would be decided about a command now. It records, claims and spends nothing, and like the
 * command itself it is never refused by a stale answer: in time the ledger has read on, or nobody
 * is sure.
 */
export function previewNotification(
  ports: PreviewPorts,
): (notify: Notify) => Promise<NotifyPreview> {
  const patiently = previewPatiently<NotifyPreview>(ports)
  return (notify) =>
    patiently(notify, {
      look: (needs) => look(ports, notify, needs),
      plain: (preview) => ({ ...preview, route: null, verdicts: [] }),
    })
}

interface Looking<Told extends Preview> {
  readonly look: (needs: Needs) => Promise<Told>
  /** Of what is known before anybody looks. */
  readonly plain: (preview: Preview) => Told
}

/** Looks again until somebody is sure, as long as there is patience. */
export function previewPatiently<Told extends Preview>({
  commands,
  identity,
  ends,
  machineMs,
  sleep,
  patienceMs,
}: PreviewPorts): (command: Notify | RequestOptIn, looking: Looking<Told>) => Promise<Told> {
  return async (command, { look: lookOnce, plain }) => {
    const startedMs = machineMs()
    const known = await commands.read(documentId(command.pageId, command.commandId))
    if (known !== null) {
      const isSame = isCommandOf(known.command, identity.digest(commandDigestText(command)))
      const isKnown = { ...NOTHING, decision: 'known' } as const
      return plain(isSame ? isKnown : said('refuse', 'command-id-reused'))
    }
    const needs = createNeeds({ ends })
    for (let waits = 0; ; waits += 1) {
      const preview = await lookOnce(needs)
      const pauseMs = backOffMs(waits)
      const isLate = machineMs() + pauseMs - startedMs > patienceMs
      if (preview.decision !== 'unsure' || isLate) return preview
      await sleep(pauseMs)
    }
  }
}

export type Needs = (person: PersonId | null) => Promise<Offsets>

/** The ends of the log when a refusal was first about to be told: nothing later is waited for. */
function createNeeds({ ends }: Pick<PreviewPorts, 'ends'>): Needs {
  const read = new Map<PersonId | null, Offsets>()
  return async (person) => {
    const needs = read.get(person) ?? (await ends.now(person))
    read.set(person, needs)
    return needs
  }
}

async function look(ports: PreviewPorts, notify: Notify, needs: Needs): Promise<NotifyPreview> {
  const { pages, lanes, clock, doubt: limits, notifying: settings } = ports
  const { pageId, topic = null, requestedBy = null } = notify
  const page = await pages.view(pageId, { topic, requestedBy })
  const nowMs = clock.nowMs()
  const { refusal, verdicts } = judgeNotifyPage(notify, { settings, nowMs, page })
  const told = { route: null, verdicts }
  // Page and clock rule on tags alone, and only once it is due; its words ruled before.
  const isDue = nowMs >= (notify.notBefore ?? 0)
  const refused = isDue ? refusal : judgeNotifyWords(notify, settings).refusal
  if (refused !== null) return { ...said('refuse', refused.reason), ...told }
  const { standing } = page
  if (standing === 'behind') return { ...said('unsure', 'pages-behind'), ...told }
  const document = draftOf(notify)
  const quietUntil = ports.quietUntil({ pageId, nowMs, timeZone: notify.timeZone })
  const stop = lanes.stopOf(pageId)
  const situation = { nowMs, standing, stop, halt: null, quietUntil, limits }
  const step = nextStep(document, notify, situation)
  if (step.kind === 'close') return { ...said('refuse', step.draft.reason), ...told }
  if (step.kind === 'wait') return { ...said('wait', step.draft?.reason ?? null), ...told }
  const answer = await orNull(ask(ports, notify))
  if (answer === null) return { ...said('unsure', 'ledger-unavailable'), ...told }
  return choose(ports, { document, notify, answer, page }, needs)
}

/** The command as it would be recorded; it is not. */
function draftOf({ pageId, commandId, topic = null, route }: Notify): StoredCommand {
  const nothing = { asks: null, campaignId: null, digest: '' }
  const asked = { requestedBy: null, requestedAt: null, ...nothing }
  const heading = { pageId, commandId, topic, route: routeAsked(route), ...asked }
  const document = newDocument({
    ...{ command: newCommand(heading, null), content: null, giveUpAt: null },
  })
  const id = documentId(pageId, commandId)
  return { ...document, id, revision: 0, doubtMs: 0, isTaken: false }
}

async function choose(
  ports: PreviewPorts,
  notifying: Notifying & { readonly page: PageView },
  needs: Needs,
): Promise<NotifyPreview> {
  const { answer, notify, page } = notifying
  const choice = chooseForNotify(ports, notifying)
  const { route, verdicts } = choice
  const isSure = choice.kind === 'spend' && !choice.mustBeFresh
  const ends = isSure ? null : await orNull(needs(notify.externalUserId ? null : answer.person))
  if (!isSure && (ends === null || !reaches(answer.asOf, ends))) {
    return { ...said('unsure', 'ledger-behind'), route, verdicts }
  }
  if (choice.kind === 'refuse') return { ...said('refuse', choice.reason), route, verdicts }
  const stopped = await stoppedAtGate(ports, { content: notify, person: answer.person, ...choice })
  if (stopped !== null) return { ...stopped, route, verdicts }
  if (isOwnedElsewhere(answer.thread, ports.threads.settings, ports.clock.nowMs())) {
    return { ...said('wait', 'thread-owned-elsewhere'), route, verdicts }
  }
  const tokens = choice.tokens.flatMap((token) => token?.tokenId ?? [])
  const spent = { tokenId: tokens[0] ?? null, candidates: tokens.length }
  const call = planned(ports, page, { content: notify, byToken: tokens.length > 0 })
  return { decision: 'spend', reason: null, ...spent, call, route, verdicts }
}

interface AtGate extends Pick<Spending, 'tokens' | 'actedAt'>, Pick<CallToMake, 'content'> {
  readonly person: PersonId | null
}

/** What the last gate before the call would say; null = it lets it go. */
export async function stoppedAtGate(
  { gate, withdrawalsRead }: Pick<PreviewPorts, 'gate' | 'withdrawalsRead'>,
  { content, person, tokens, actedAt }: AtGate,
): Promise<Preview | null> {
  if (!(await orNull(withdrawalsRead()))) return said('unsure', 'withdrawals-behind')
  const [token = null] = tokens
  const consent = person && consentToCall({ content, person, token, actedAt })
  const standing = await gate.check(consent)
  return standing === 'withdrawn' ? said('refuse', 'token-withdrawn') : null
}

/** The call that a command would begin with. */
export function planned(
  { sender }: Pick<PreviewPorts, 'sender'>,
  { connection }: Pick<PageView, 'connection'>,
  about: Omit<PlannedCall, 'connection'>,
): PlannedRequest | null {
  return connection && sender.plan({ connection, ...about })
}

function ask({ ledger }: PreviewPorts, notify: Notify): Promise<LedgerAnswer> {
  const { pageId, topic = null, psid = null, tokenId = null, externalUserId = null } = notify
  return ledger.ask({ pageId, psid: tokenId ? null : psid, tokenId, externalUserId, topic })
}

/** Null where whom we ask is away. */
export async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer
  } catch (error) {
    if (isAppError(error) && error.retryable) return null
    throw error
  }
}

export function said(decision: Preview['decision'], reason: ReasonCode | null): Preview {
  return { ...NOTHING, decision, reason }
}
