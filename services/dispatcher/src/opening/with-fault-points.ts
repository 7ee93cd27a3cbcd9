/**
 * The fault points, put around the ports where they are joined: no handler and no adapter knows of
 * them. While no faults are wanted each seam hands back the very port it was given.
 */
import type { Subscription } from '@otn/bus'
import type { GraphClient, GraphObservation } from '@otn/graph-api'
import { appError } from '@otn/kernel'
import { busAnswerLost, type Faults } from '@otn/runtime'
import { MongoNetworkError } from 'mongodb'
import { storeError } from '../adapters/connect-mongodb.ts'
import type { Cursors } from '../adapters/cursors-mongodb.ts'
import type { foldStream } from '../adapters/fold-stream.ts'
import type { Campaigns, DecideCampaign } from '../campaign-ports.ts'
import type { CampaignDocument } from '../domain/campaign-document.ts'
import { lastAttempt } from '../domain/command.ts'
import type { Change, CommandDocument, StoredCommand, StoredFact } from '../domain/document.ts'
import type { DispatcherFaultPoint } from '../fault-points.ts'
import type { Inbox } from '../inbox-ports.ts'
import type { Ledger } from '../ledger-ports.ts'
import type { Changed, Commands, DecideChange, Facts, Gate } from '../ports.ts'

type Points = Faults<DispatcherFaultPoint>
type FoldStream = typeof foldStream

export interface Seams {
  /** Of the commands' consumer. */
  readonly commandCursors: (cursors: Cursors) => Cursors
  readonly commandCommits: Pick<Subscription, 'aroundCommit'>
  readonly inbox: (inbox: Inbox) => Inbox
  /** Of the lanes and the inbox. */
  readonly commands: (commands: Commands) => Commands
  /** Of what folds our own streams. */
  readonly ownStreamCommands: (commands: Commands) => Commands
  readonly facts: (facts: Facts) => Facts
  readonly ledger: (ledger: Ledger) => Ledger
  readonly gate: (gate: Gate) => Gate
  readonly graph: (client: GraphClient) => GraphClient
  readonly campaigns: (campaigns: Campaigns) => Campaigns
  readonly catchUp: (fold: FoldStream) => FoldStream
}

export function seamsWith(points: Points | null): Seams {
  if (points === null) return NONE
  const at =
    (point: DispatcherFaultPoint, lost: () => never = storeLost) =>
    <T>(work: () => Promise<T>) =>
      points.around(point, work, lost)
  return {
    commandCursors: (cursors) => ({
      ...cursors,
      move: (where, step) => at('cursor')(() => cursors.move(where, step)),
    }),
    commandCommits: { aroundCommit: at('commit', busAnswerLost) },
    inbox: (inbox) => ({
      ...inbox,
      record: (commands) => at('record')(() => inbox.record(commands)),
    }),
    commands: (commands) => ({ ...commands, ...changes(commands, points, stepOf) }),
    ownStreamCommands: (commands) => ({
      ...commands,
      ...changes(commands, points, stepOf),
      settle: changes(commands, points, () => 'echo').settle,
      changeAll: (ids, decide) => at('fold')(() => commands.changeAll(ids, decide)),
    }),
    facts: (facts) => ({
      ...facts,
      tell: (told, untilMs) => {
        const tell = () => facts.tell(told, untilMs)
        if (told.length === 0) return tell()
        return at(isIntent(told) ? 'intend' : 'tell', busAnswerLost)(tell)
      },
    }),
    ledger: (ledger) => ({ ask: (question) => at('ask', ledgerLost)(() => ledger.ask(question)) }),
    gate: (gate) => ({ ...gate, check: (token) => at('gate')(() => gate.check(token)) }),
    graph: (client) => ({ ...client, send: (call) => send(client, { call, points }) }),
    campaigns: (campaigns) => ({
      ...campaigns,
      change: (key, decide) =>
        watchedCampaign(points, decide, (seen) => campaigns.change(key, seen)),
    }),
    catchUp: (fold) => (stream) => points.around('catch-up', () => fold(stream)),
  }
}

const same = <T>(port: T): T => port

const NONE: Seams = {
  commandCursors: same,
  commandCommits: {},
  inbox: same,
  commands: same,
  ownStreamCommands: same,
  facts: same,
  ledger: same,
  gate: same,
  graph: same,
  campaigns: same,
  catchUp: same,
}

type Step = 'claim' | 'decide' | 'mark' | 'echo'

/** The step that a change carries out; null = none that has a point. */
type StepOf = (known: StoredCommand | null, change: Change) => Step | null

/** C1, C4 or the second half of C5, told by what the change does to the document. */
function stepOf(known: StoredCommand | null, { document }: Change): Step | null {
  if (known === null) return null
  if (lastAttempt(document.command) > lastAttempt(known.command)) return 'claim'
  if (hasNewFact(known, document) || document.unknown.length > known.unknown.length) return 'decide'
  return document.facts.length < known.facts.length ? 'mark' : null
}

function hasNewFact(known: CommandDocument, { facts }: CommandDocument): boolean {
  const ids = new Set(known.facts.map(({ eventId }) => eventId))
  return facts.some(({ eventId }) => !ids.has(eventId))
}

function changes(
  commands: Commands,
  points: Points,
  stepOfChange: StepOf,
): Pick<Commands, 'change' | 'settle'> {
  const watching = { points, stepOf: stepOfChange }
  return {
    change: (known, decide) => watched(watching, decide, (seen) => commands.change(known, seen)),
    settle: (known, decide) => watched(watching, decide, (seen) => commands.settle(known, seen)),
  }
}

/**
 * Which step it is, the decision alone tells, right before its change is written; decided again
 * after somebody else's change, it is still one pass.
 */
async function watched<C extends Changed>(
  { points, stepOf: stepOfChange }: { readonly points: Points; readonly stepOf: StepOf },
  decide: DecideChange,
  act: (decide: DecideChange) => Promise<C>,
): Promise<C> {
  const seen: { step: Step | null; readonly begun: Set<Step> } = { step: null, begun: new Set() }
  const changed = await act((known) => {
    const change = decide(known)
    const step = change && stepOfChange(known, change)
    if (step !== null && !seen.begun.has(step)) points.pass(step, 'before')
    if (step !== null) seen.begun.add(step)
    seen.step = step
    return change
  })
  if (seen.step === null || changed.kind !== 'changed') return changed
  points.pass(seen.step, 'after')
  return points.loses(seen.step) ? storeLost() : changed
}

/** A campaign's: a fact more was decided, or its walk moved on. */
async function watchedCampaign(
  points: Points,
  decide: DecideCampaign,
  act: (decide: DecideCampaign) => ReturnType<Campaigns['change']>,
): ReturnType<Campaigns['change']> {
  const seen: { step: 'steer' | 'walk' | null } = { step: null }
  const changed = await act((known) => {
    const next = decide(known)
    const step = next && campaignStep(known, next)
    if (step !== null && seen.step === null) points.pass(step, 'before')
    seen.step = step
    return next
  })
  if (seen.step === null || changed === null) return changed
  points.pass(seen.step, 'after')
  return points.loses(seen.step) ? storeLost() : changed
}

function campaignStep(known: CampaignDocument | null, next: CampaignDocument) {
  if (next.facts.length > (known?.facts.length ?? 0)) return 'steer'
  return known !== null && next.walk !== known.walk ? 'walk' : null
}

function isIntent(told: readonly StoredFact[]): boolean {
  return told.some(({ headers }) => headers.ce_type === 'NotificationAttempted')
}

/** What is seen where the connection ends before the head of an answer. */
const CUT: GraphObservation = { seen: 'unknown', cause: 'reset', status: null }

function send(
  client: GraphClient,
  { call, points }: { readonly call: Parameters<GraphClient['send']>[0]; readonly points: Points },
): Promise<GraphObservation> {
  const mayStart = () => {
    const may = call.mayStart?.() ?? true
    if (may) points.pass('call', 'wire')
    return may
  }
  return points.around(
    'call',
    () => client.send({ ...call, mayStart }),
    () => CUT,
  )
}

function storeLost(): never {
  throw storeError(new MongoNetworkError('the answer was lost'))
}

function ledgerLost(): never {
  throw appError('OTN_LEDGER_UNAVAILABLE', { message: 'the answer was lost' })
}
