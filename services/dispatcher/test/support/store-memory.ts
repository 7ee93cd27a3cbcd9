/**
 * The store of commands as one map, for tests of the protocol. It promises what the conformance
 * suite asks of the real one: each call is one atomic step.
 */
import type { AgendaOptions } from '../../src/adapters/agenda-mongodb.ts'
import type { RevisionStep, Written } from '../../src/adapters/change-command.ts'
import { stateOf } from '../../src/domain/command.ts'
import {
  type Change,
  type CommandDocument,
  idOf,
  isCommandOf,
  isOwed,
  isUnderWay,
  isUntold,
  type NewCommand,
  type StoredCommand,
  tokenKept,
} from '../../src/domain/document.ts'
import type { Recorded } from '../../src/inbox-ports.ts'
import type { DueQuery } from '../../src/ports.ts'

interface Entry {
  readonly document: CommandDocument
  readonly revision: number
  readonly leaseUntil: number
  readonly taker: string | null
  readonly unknownSince: number | null
  readonly isTaken: boolean
}

export interface MemoryStore {
  record(commands: readonly NewCommand[]): readonly Recorded[]
  read(id: string): StoredCommand | null
  /** One compare-and-set. */
  write(id: string, step: RevisionStep, change: Change): Written
  firstRevision(): number
  /** Somebody dropped the database. */
  empty(): void
  holderOf(kept: string): StoredCommand | null
  takeDue(query: DueQuery, options: AgendaOptions): readonly StoredCommand[]
  all(): readonly StoredCommand[]
}

/** No document of a test changes so often; the first one is beyond 32 bits, as most real ones. */
const REVISIONS_APART = 2 ** 33

/** @param machineMs the store's own clock */
export function createMemoryStore(machineMs: () => number): MemoryStore {
  const entries = new Map<string, Entry>()
  let made = 0
  const stored = (id: string): StoredCommand | null => {
    const entry = entries.get(id)
    if (!entry) return null
    const doubtMs = entry.unknownSince === null ? 0 : machineMs() - entry.unknownSince
    return { ...entry.document, id, revision: entry.revision, doubtMs, isTaken: entry.isTaken }
  }
  const all = () => [...entries.keys()].flatMap((id) => stored(id) ?? [])
  const holderOf = (kept: string) => all().find((document) => tokenKept(document) === kept) ?? null
  return {
    record: (commands) =>
      commands.map(({ document, leaseMs, revision }) => {
        const id = idOf(document)
        const known = entries.get(id)
        if (known) {
          const isSame = isCommandOf(known.document.command, document.command.digest)
          return isSame ? 'known' : 'other'
        }
        const leaseUntil = machineMs() + leaseMs
        entries.set(id, {
          ...{ document, revision, leaseUntil },
          ...{ taker: null, unknownSince: null, isTaken: false },
        })
        return 'recorded'
      }),
    read: stored,
    write: (id, { from, to }, change) => {
      const entry = entries.get(id)
      if ((entry?.revision ?? 0) !== from) return 'changed-meanwhile'
      const holds = tokenKept(change.document)
      const holder = holds && holderOf(holds)
      if (holder && holder.id !== id) return 'token-taken'
      const { leaseMs } = change
      entries.set(id, {
        document: documentOf(change.document),
        revision: to,
        leaseUntil: leaseMs === null ? (entry?.leaseUntil ?? 0) : machineMs() + leaseMs,
        taker: leaseMs === null ? (entry?.taker ?? null) : null,
        isTaken: entry?.isTaken ?? false,
        unknownSince: change.beginsDoubt ? machineMs() : (entry?.unknownSince ?? null),
      })
      return 'written'
    },
    holderOf,
    takeDue: ({ nowMs, limit, without, untold = [], busy }, { leaseMs, worker }) => {
      const due = [...entries].filter(([id, { document, ...entry }]) => {
        const { pageId } = document.command
        const isSilent = untold.includes(pageId) && isUntold(document)
        const isKept = without === 'all' || without.includes(pageId)
        const isHeld = isKept && !isUnderWay(document) && !isSilent
        const isDue = document.dueAt <= nowMs && !isHeld
        const isGivenUp = document.giveUpAt !== null && document.giveUpAt < nowMs
        const mayEnd = isGivenUp && stateOf(document.command) === 'open'
        const isOurs = entry.taker === worker || document.worker === worker
        const isFree = entry.leaseUntil <= machineMs() || isOurs
        return isOwed(document) && !busy.has(id) && isFree && (isDue || mayEnd)
      })
      // Who has been left alone for longest comes first, so that a look of one starves nobody.
      const ordered = due.toSorted(([, a], [, b]) => a.leaseUntil - b.leaseUntil)
      return ordered.slice(0, limit).flatMap(([id, entry]) => {
        const lease = { taker: worker, leaseUntil: machineMs() + leaseMs }
        entries.set(id, { ...entry, ...lease, isTaken: true })
        return stored(id) ?? []
      })
    },
    all,
    firstRevision: () => {
      made += 1
      return made * REVISIONS_APART
    },
    empty: () => entries.clear(),
  }
}

function documentOf(document: CommandDocument): CommandDocument {
  const { command, content, facts, unknown, isProbing, isContested, lettingGo } = document
  const { cancel, waits, worker, claimant, deaths, dueAt, giveUpAt } = document
  const work = { cancel, waits, worker, claimant, deaths, dueAt, giveUpAt }
  return { command, content, facts, unknown, isProbing, isContested, lettingGo, ...work }
}
