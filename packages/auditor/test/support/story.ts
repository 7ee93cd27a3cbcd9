/** Writes down what services would put on the log, one record after the other. */
import {
  commandDigestText,
  type NotificationEvent,
  type Notify,
  type OptInReceived,
  type Records,
} from '@otn/contracts'
import { commandId, MINUTE_MS, pageId, personId, SECOND_MS, tokenId } from '@otn/kernel'
import type { AuditedTopic, AuditRecord } from '../../src/audit-record.ts'
import { factId, sha256 } from '../../src/digest.ts'

export const START_MS = Date.UTC(2026, 10, 22, 8)
export const PAGE = pageId('1000')
export const TOPIC = 'restock-1234'
const PARTITIONS = 3
const SEALED = { keyId: 'k1', sealed: Buffer.from('sealed') }

export interface Token {
  readonly tokenId: string
  readonly person: string
}

export interface Command {
  readonly commandId: string
  readonly person: string
  readonly notify: Notify
  readonly digest: string
}

/** A record before it has a place. */
export interface Entry {
  readonly topic: AuditedTopic
  readonly key: string
  readonly value: Record<string, unknown>
  readonly timestampMs: number
}

export type Change = Readonly<Record<string, unknown>>

export function person(n: number): string {
  return `person${String(n).padStart(16, '_')}`
}

export function token(n: number, owner = person(0)): Token {
  return { tokenId: sha256(`token ${n}`).slice(0, 32), person: owner }
}

export function command(n: number, change: Change = {}): Command {
  const id = `c-${n}`
  const { owner = person(0), ...rest } = change
  const notify = {
    commandId: commandId(id),
    pageId: PAGE,
    psid: '2000',
    topic: TOPIC,
    text: 'It is back.',
    ...rest,
  } as unknown as Notify
  const digest = sha256(commandDigestText(notify))
  return { commandId: id, person: String(owner), notify, digest }
}

type Kind = NotificationEvent['type']
const FINAL: ReadonlySet<Kind> = new Set(['NotificationSent', 'NotificationFailed'])

/** One log in the order of time. Each record comes a second after the one before. */
export class Story {
  readonly entries: Entry[] = []
  nowMs: number

  constructor(startMs = START_MS) {
    this.nowMs = startMs
  }

  after(ms: number): this {
    this.nowMs += ms
    return this
  }

  write(topic: AuditedTopic, key: string, value: Change): this {
    this.nowMs += SECOND_MS
    // Commands carry no `at`, and every field of theirs counts for the digest.
    const isCommand = topic === 'notify' || topic === 'optInRequest'
    const record = isCommand ? value : { at: this.nowMs, pageId: PAGE, ...value }
    this.entries.push({ topic, key, value: record, timestampMs: this.nowMs })
    return this
  }

  page(change: Change = {}): this {
    const facts = { type: 'PageConnected', eventId: 'page', name: 'A page', appId: '7', ...SEALED }
    return this.write('page', PAGE, { ...facts, ...change })
  }

  optIn({ tokenId: id, person: owner }: Token, change: Change = {}): this {
    const granted = { grantedAt: this.nowMs, kind: 'one_time_notif_req', origin: 'webhook' }
    const value: Change = {
      ...{ type: 'OptInReceived', eventId: factId('OptInReceived', [PAGE, id]) },
      ...{ person: personId(owner), tokenId: tokenId(id), topic: TOPIC },
      ...{ ...granted, ...SEALED, ...change },
    } satisfies Partial<Record<keyof OptInReceived, unknown>>
    return this.write('optIn', owner, value)
  }

  notify({ notify, commandId: id }: Command): this {
    return this.write('notify', `${PAGE}:${id}`, { ...notify })
  }

  /** A fact with the id that the dispatcher would give it. */
  fact(type: Kind, of: Command, change: Change = {}): this {
    const { attempt = 0, reason = 'outcome-unknown', dueAt = this.nowMs + MINUTE_MS } = change
    const said = [String(attempt), ...(type === 'NotificationScheduled' ? [reason, dueAt] : [])]
    const parts = FINAL.has(type) ? [of.commandId] : [of.commandId, ...said.map(String)]
    const isWait = type === 'NotificationScheduled' ? { dueAt, ...SEALED } : {}
    return this.write('notification', of.person, {
      ...{ type, eventId: factId(FINAL.has(type) ? 'Final' : type, [PAGE, ...parts]) },
      ...{ commandId: of.commandId, commandDigest: of.digest, attempt, person: of.person },
      ...{ topic: TOPIC, route: 'TOKEN', ...isWait },
      ...(type === 'NotificationAttempted' ? {} : { reason }),
      ...change,
    })
  }

  attempted(of: Command, { tokenId: id }: Token, attempt = 1, change: Change = {}): this {
    return this.fact('NotificationAttempted', of, { attempt, tokenId: id, ...change })
  }

  sent(of: Command, { tokenId: id }: Token, attempt = 1, change: Change = {}): this {
    const evidence = { certainty: 'CONFIRMED', messageId: `m_${of.commandId}`, reason: null }
    return this.fact('NotificationSent', of, { attempt, tokenId: id, ...evidence, ...change })
  }

  inDoubt(of: Command, { tokenId: id }: Token, attempt = 1, change: Change = {}): this {
    return this.fact('NotificationInDoubt', of, { attempt, tokenId: id, ...change })
  }

  /** Known: nothing was sent; the token is free. */
  notSent(of: Command, { tokenId: id }: Token, attempt = 1, change: Change = {}): this {
    const released = { reason: 'not-reached', tokenReleased: true }
    return this.fact('NotificationScheduled', of, { attempt, tokenId: id, ...released, ...change })
  }

  failed(of: Command, change: Change = {}): this {
    return this.fact('NotificationFailed', of, {
      reason: 'gave-up',
      tokenReleased: null,
      ...change,
    })
  }

  tokenEvent(type: string, of: Token, change: Change = {}): this {
    const eventId = factId(type, [PAGE, of.tokenId, String(this.nowMs)])
    return this.write('token', of.person, { type, eventId, ...of, reason: 'asked', ...change })
  }

  /** The command that stands at this place among the commands. */
  parked(place: { readonly partition: number; readonly offset: bigint }): this {
    return this.write('parked', PAGE, {
      ...{ type: 'MessageParked', eventId: 'parked', reason: 'malformed', ...SEALED },
      sourceTopic: 't1.otn.notify.commands.v1',
      sourcePartition: place.partition,
      sourceOffset: String(place.offset),
    })
  }

  records(): readonly AuditRecord[] {
    return placed(this.entries)
  }
}

/** Gives each record its place, as Kafka would: by its key, in the order of time. */
export function placed(entries: readonly Entry[]): readonly AuditRecord[] {
  const ends = new Map<string, bigint>()
  const inTime = entries.toSorted((a, b) => a.timestampMs - b.timestampMs)
  return inTime.map(({ topic, key, value, timestampMs }) => {
    const partition = partitionOf(key)
    const offset = ends.get(`${topic}/${partition}`) ?? 0n
    ends.set(`${topic}/${partition}`, offset + 1n)
    const place = { topic, partition, offset, timestampMs }
    const known = { kind: 'known', topic, place, key, value: value as unknown as Records['Notify'] }
    return known as unknown as AuditRecord
  })
}

function partitionOf(key: string): number {
  return Number.parseInt(sha256(key).slice(0, 8), 16) % PARTITIONS
}
