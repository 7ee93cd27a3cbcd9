/** Goes through the log once and decides each command anew where it was decided. */
import { inNotificationWords, type NotificationEvent } from '@otn/contracts'
import { decide, type ShadowCommand } from './decide.ts'
import { inTime, type ShadowRecord } from './shadow-record.ts'
import { type Decision, isSame, type ShadowRules } from './shadow-rules.ts'
import { type PayloadOf, ShadowWorld } from './shadow-world.ts'

/** One command where it was decided. */
export interface Replayed {
  readonly pageId: string
  readonly commandId: string
  readonly kind: ShadowCommand['kind']
  readonly topic: string | null
  /** Business clock. */
  readonly at: number
  /** As the log tells it. */
  readonly recorded: Decision
  readonly decided: Decision
}

export interface Replay {
  readonly commands: ReadonlyMap<string, Replayed>
  /** Decided on the log, but the command itself is not there any more. */
  readonly gone: number
  /** On the log without a decision: they wait, or were cancelled. */
  readonly undecided: number
}

export interface Replaying {
  readonly rules: ShadowRules
  readonly payloadOf: PayloadOf
  /**
   * The log decided by the rules in force; null = these are they. What they do not explain stays as
   * the log has it, for what came of it is on the log as well.
   */
  readonly inForce: Replay | null
}

export function replayRules(
  records: readonly ShadowRecord[],
  { rules, payloadOf, inForce }: Replaying,
): Replay {
  const world = new ShadowWorld(rules, payloadOf)
  const known = commandsIn(records)
  const replayed = new Map<string, Replayed>()
  const gone = new Set<string>()
  const stopped = stoppedIn(records)
  for (const record of inTime(records)) {
    if (record.topic === 'page') world.paged(record.value)
    if (record.topic === 'optIn') world.agreed(record.value)
    if (record.topic === 'engagement') world.engaged(record.value)
    if (record.topic === 'token') world.corrected(record.value)
    const fact = factOf(record)
    if (fact === null) continue
    const key = keyOf(fact)
    const command = known.get(key)
    if (command === undefined) {
      if (isDecision(fact)) gone.add(key)
      follow(world, fact)
      continue
    }
    const first = replayed.get(key)
    if (first !== undefined) {
      if (standsFor(first, inForce).outcome === 'send') follow(world, fact)
      continue
    }
    if (!isDecision(fact)) continue
    const told = toldOf(stopped.get(key) ?? fact, command)
    const person = fact.person ?? world.personOf(command.value.tokenId ?? '')
    const again = kept(decide(command, { world, rules, nowMs: fact.at, person }), told)
    const isLeft = inForce !== null && !isExplained(inForce.commands.get(key))
    const done = { ...told, decided: isLeft ? told.recorded : again }
    replayed.set(key, done)
    const stands = standsFor(done, inForce)
    if (stands.outcome === 'send') begin(world, { fact, person, decided: stands, command })
  }
  const undecided = [...known.keys()].filter((key) => !replayed.has(key)).length
  return { commands: replayed, gone: gone.size, undecided }
}

/** Whether the log decided it as the rules do that were asked. */
export function isExplained(replayed: Replayed | undefined): boolean {
  return replayed !== undefined && isSame(replayed.recorded, replayed.decided)
}

/** What counts for those who come later. */
function standsFor(replayed: Replayed, inForce: Replay | null): Decision {
  return inForce === null && !isExplained(replayed) ? replayed.recorded : replayed.decided
}

/** What the log refused for another cause than a rule is refused by any rules. */
function kept(decided: Decision, { recorded }: Omit<Replayed, 'decided'>): Decision {
  return recorded.outcome === 'refuse' && recorded.rule === null ? recorded : decided
}

interface Begun {
  readonly fact: NotificationEvent
  readonly person: string | null
  readonly decided: Decision
  readonly command: ShadowCommand
}

function begin(world: ShadowWorld, { fact, person, decided, command }: Begun): void {
  const { pageId, at } = fact
  const key = keyOf(fact)
  if (decided.tokenId !== null) world.take(decided.tokenId, key)
  if (command.kind === 'notify' || person === null) return
  const { topic = null, title = null } = command.value
  world.ask({ key, pageId, person, topic, title, at })
}

/** What came of a call on the log comes of it in the shadow. */
function follow(world: ShadowWorld, fact: NotificationEvent): void {
  const { tokenId = null, tokenReleased = null, type } = fact
  if (tokenId === null) return
  const key = keyOf(fact)
  if (type === 'NotificationAttempted') world.take(tokenId, key)
  if (tokenReleased === true) world.release(tokenId, key)
  if (type !== 'NotificationFailed' || tokenReleased !== false || fact.attempt === 0) return
  world.release(tokenId, key)
  if (fact.reason === 'token-spent') world.take(tokenId, 'somebody else')
  else world.close(tokenId)
}

function commandsIn(records: readonly ShadowRecord[]): Map<string, ShadowCommand> {
  const known = new Map<string, ShadowCommand>()
  for (const { topic, value } of records) {
    if (topic !== 'notify' && topic !== 'optInRequest') continue
    const key = keyOf(value)
    // The first of an id counts.
    if (known.has(key)) continue
    known.set(key, topic === 'notify' ? { kind: 'notify', value } : { kind: 'request', value })
  }
  return known
}

/** Of commands whose first call was meant and not made: what the last gate before it said. */
function stoppedIn(records: readonly ShadowRecord[]): ReadonlyMap<string, NotificationEvent> {
  const facts = records.flatMap((record) => factOf(record) ?? [])
  const stopped = facts.filter(
    ({ type, attempt, reason, graphCode }) =>
      type === 'NotificationFailed' &&
      attempt === 1 &&
      graphCode == null &&
      GATES.has(reason ?? ''),
  )
  return new Map(stopped.map((fact) => [keyOf(fact), fact]))
}

/** What is looked at once more with the claim in hand. */
const GATES: ReadonlySet<string> = new Set([
  ...['token-withdrawn', 'window-closed', 'tag-window-closed', 'request-open', 'person-limit'],
  'request-title-repeated',
])

function factOf(record: ShadowRecord): NotificationEvent | null {
  if (record.topic === 'notification') return record.value
  return record.topic === 'optInRequestEvent' ? inNotificationWords(record.value) : null
}

/** The first call, or a refusal without one. */
function isDecision({ type, attempt }: NotificationEvent): boolean {
  if (type === 'NotificationAttempted') return attempt === 1
  return type === 'NotificationFailed' && attempt === 0
}

function toldOf(fact: NotificationEvent, { kind }: ShadowCommand): Omit<Replayed, 'decided'> {
  const { pageId, commandId, topic = null, at, reason = null, rule = null, tokenId = null } = fact
  const isCall = fact.type === 'NotificationAttempted'
  const route = (fact.route ?? 'TOKEN') as Decision['route']
  const recorded: Decision = isCall
    ? { outcome: 'send', reason: null, rule: null, route, tokenId }
    : { outcome: 'refuse', reason, rule, route, tokenId: null }
  return { pageId, commandId, kind, topic, at, recorded }
}

function keyOf({ pageId, commandId }: { readonly pageId: string; readonly commandId: string }) {
  return `${pageId}:${commandId}`
}
