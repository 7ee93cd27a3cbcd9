/** Findings as alarms: what stands on the alarm Kafka topic, and what it lacks. Pure. */
import type { AlarmEvent } from '@otn/contracts'
import { eventId, pageId } from '@otn/kernel'
import { factId } from './digest.ts'
import { type Finding, findingKey, isFindingCode } from './finding.ts'

/** What the alarm Kafka topic says of one finding. */
interface Known {
  /** Event ids of what was raised; one cleared is gone for good, for its id names its instant. */
  readonly raised: ReadonlyMap<string, AlarmEvent>
  readonly cleared: ReadonlySet<string>
}

/** Every alarm of the auditor that was ever told, by what it is about. */
export type AlarmBook = Map<string, Known>

/** Which alarm a clearing ends stands in `causationId`. Alarms of others are not ours to clear. */
export function noteAlarm(book: AlarmBook, event: AlarmEvent): void {
  const { alarm: code, subject } = event
  if (!isFindingCode(code) || !subject) return
  const key = findingKey({ code, subject })
  const known = book.get(key) ?? { raised: new Map(), cleared: new Set() }
  if (event.type === 'AlarmRaised') {
    const raised = new Map(known.raised).set(event.eventId, event)
    book.set(key, { ...known, raised })
  }
  if (event.type === 'AlarmCleared' && event.causationId) {
    const cleared = new Set(known.cleared).add(event.causationId)
    book.set(key, { ...known, cleared })
  }
}

/**
 * What is to be told so that the Kafka topic says what is found. The id of an alarm follows from
 * what it is about and from when it began, so that two auditors, or one that starts anew, tell the
 * same fact; and what begins again after it was cleared is another one.
 */
export function owedAlarms(
  book: AlarmBook,
  { found, nowMs }: { readonly found: readonly Finding[]; readonly nowMs: number },
): readonly AlarmEvent[] {
  const standing = new Set(found.map(findingKey))
  const raises = found.flatMap((one) => {
    const known = book.get(findingKey(one))
    const event = raisedBy(one, nowMs)
    const isOpen = known !== undefined && openOf(known).length > 0
    return isOpen || known?.cleared.has(event.eventId) ? [] : [event]
  })
  const clears = [...book].flatMap(([key, known]) =>
    standing.has(key) ? [] : openOf(known).map((raised) => clearing(raised, nowMs)),
  )
  return [...raises, ...clears]
}

function openOf({ raised, cleared }: Known): readonly AlarmEvent[] {
  return [...raised.values()].filter(({ eventId: id }) => !cleared.has(id))
}

function raisedBy(one: Finding, nowMs: number): AlarmEvent {
  const { code: alarm, severity, subject, sentence, sinceMs } = one
  const page = one.pageId ?? ''
  return {
    type: 'AlarmRaised',
    eventId: eventId(factId('AlarmRaised', [page, alarm, subject, String(sinceMs)])),
    pageId: one.pageId === null ? null : pageId(one.pageId),
    ...{ at: nowMs, alarm, severity, subject },
    detail: `${one.promise}. ${sentence}`,
  }
}

function clearing(raised: AlarmEvent, at: number): AlarmEvent {
  const { alarm, subject, pageId: page = null, eventId: causationId } = raised
  const id = factId('AlarmCleared', [page ?? '', causationId])
  return {
    ...{ type: 'AlarmCleared', eventId: eventId(id), pageId: page, at, alarm, causationId },
    subject: subject ?? '',
  }
}
