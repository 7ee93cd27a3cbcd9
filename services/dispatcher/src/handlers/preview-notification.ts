import { commandDigestText, type Notify, type ReasonCode, type RequestOptIn } from '@otn/contracts'
import { type Identity, isAppError, type PersonId } from '@otn/kernel'
import { routeAsked, type TakenRoute, type Verdict } from '@otn/policy'
import { backOffMs } from '../domain/back-off.ts'
import type { LedgerAnswer } from '../domain/choose-token.ts'
import { documentId, newCommand } from '../domain/command.ts'
import { nextStep } from '../domain/decide.ts'
import { isCommandOf, newDocument, type StoredCommand } from '../domain/document.ts'
import { type Offsets, reaches } from '../domain/freshness.ts'
import { judgeNotifyPage } from '../domain/judge-notify.ts'
import type { Preview } from '../inbox-ports.ts'
import type { DuePorts, LanePorts, LogEnds } from '../ports.ts'
import { chooseForNotify, type Notifying } from './choose-for-notify.ts'

export interface PreviewPorts
  extends Pick<
      DuePorts,
      'commands' | 'pages' | 'lanes' | 'ledger' | 'clock' | 'doubt' | 'notifying'
    >,
    Pick<LanePorts, 'machineMs' | 'sleep'> {
  readonly ends: Pick<LogEnds, 'now'>
  readonly identity: Identity
  /** How long a ledger that is behind is asked again, machine time. */
  readonly patienceMs: number
}

const NOTHING = { reason: null, tokenId: null, candidates: 0 } as const

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
  if (refusal !== null) return { ...said('refuse', refusal.reason), ...told }
  const { standing } = page
  if (standing === 'behind') return { ...said('unsure', 'pages-behind'), ...told }
  const document = draftOf(notify)
  const situation = { nowMs, standing, stop: lanes.stopOf(pageId), halt: null, limits }
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
  notifying: Notifying,
  needs: Needs,
): Promise<NotifyPreview> {
  const { answer } = notifying
  const choice = chooseForNotify(ports, notifying)
  const { route, verdicts } = choice
  const isSure = choice.kind === 'spend' && !choice.mustBeFresh
  const ends = isSure ? null : await orNull(needs(answer.person))
  if (!isSure && (ends === null || !reaches(answer.asOf, ends))) {
    return { ...said('unsure', 'ledger-behind'), route, verdicts }
  }
  if (choice.kind === 'refuse') return { ...said('refuse', choice.reason), route, verdicts }
  const tokens = choice.tokens.flatMap((token) => token?.tokenId ?? [])
  const spent = { tokenId: tokens[0] ?? null, candidates: tokens.length }
  return { decision: 'spend', reason: null, ...spent, route, verdicts }
}

function ask({ ledger }: PreviewPorts, notify: Notify): Promise<LedgerAnswer> {
  const { pageId, topic = null, psid = null, tokenId = null } = notify
  return ledger.ask({ pageId, psid: tokenId ? null : psid, tokenId, topic })
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
