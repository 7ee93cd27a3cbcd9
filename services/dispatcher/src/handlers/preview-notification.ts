import { commandDigestText, type Notify, type ReasonCode, type RequestOptIn } from '@otn/contracts'
import { type Identity, isAppError, type PersonId } from '@otn/kernel'
import { backOffMs } from '../domain/back-off.ts'
import { chooseTokens, type LedgerAnswer } from '../domain/choose-token.ts'
import { documentId, newCommand } from '../domain/command.ts'
import { nextStep } from '../domain/decide.ts'
import { isCommandOf, newDocument } from '../domain/document.ts'
import { type Offsets, reaches } from '../domain/freshness.ts'
import type { Preview } from '../inbox-ports.ts'
import type { DuePorts, LanePorts, LogEnds } from '../ports.ts'

export interface PreviewPorts
  extends Pick<DuePorts, 'commands' | 'pages' | 'lanes' | 'ledger' | 'clock' | 'doubt'>,
    Pick<LanePorts, 'machineMs' | 'sleep'> {
  readonly ends: Pick<LogEnds, 'now'>
  readonly identity: Identity
  /** How long a ledger that is behind is asked again, machine time. */
  readonly patienceMs: number
}

const BY_TOKEN = { route: 'TOKEN', asks: null } as const
const NOTHING = { reason: null, tokenId: null, candidates: 0 } as const

/**
 * What would be decided about a command now. It records, claims and spends nothing, and like the
 * command itself it is never refused by a stale answer: in time the ledger has read on, or nobody
 * is sure.
 */
export function previewNotification(ports: PreviewPorts): (notify: Notify) => Promise<Preview> {
  const patiently = previewPatiently<Preview>(ports)
  return (notify) =>
    patiently(notify, {
      look: (needs) => look(ports, notify, needs),
      plain: (preview) => preview,
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

async function look(ports: PreviewPorts, notify: Notify, needs: Needs): Promise<Preview> {
  const { pages, lanes, clock, doubt: limits } = ports
  const { pageId, commandId, topic = null, requestedBy = null } = notify
  const { standing } = await pages.view(pageId, { topic, requestedBy })
  if (standing === 'behind') return said('unsure', 'pages-behind')
  const asked = { requestedBy: null, requestedAt: null, digest: '', ...BY_TOKEN }
  const command = newCommand({ pageId, commandId, topic, ...asked }, null)
  const document = newDocument({ command, content: null, giveUpAt: null })
  const fresh = { id: documentId(pageId, commandId), revision: 0, doubtMs: 0, isTaken: false }
  const situation = { nowMs: clock.nowMs(), standing, stop: lanes.stopOf(pageId), limits }
  const step = nextStep({ ...document, ...fresh }, notify, situation)
  if (step.kind === 'close') return said('refuse', step.draft.reason)
  if (step.kind === 'wait') return said('wait', step.draft?.reason ?? null)
  return choose(ports, notify, needs)
}

async function choose(ports: PreviewPorts, notify: Notify, needs: Needs): Promise<Preview> {
  const answer = await orNull(ask(ports, notify))
  if (answer === null) return said('unsure', 'ledger-unavailable')
  const choice = chooseTokens({ notify, pinned: null, answer, nowMs: ports.clock.nowMs() })
  if (choice.kind === 'spend') {
    const { tokens } = choice
    const [{ tokenId }] = tokens
    return { decision: 'spend', reason: null, tokenId, candidates: tokens.length }
  }
  const ends = await orNull(needs(answer.person))
  const isFresh = ends !== null && reaches(answer.asOf, ends)
  return isFresh ? said('refuse', choice.reason) : said('unsure', 'ledger-behind')
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
