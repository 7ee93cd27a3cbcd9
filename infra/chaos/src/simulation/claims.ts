/**
 * The dispatcher's database: documents of commands with a unique index on the token held, cursors,
 * generation and withdrawals. Each method is one indivisible step at the primary.
 */
import {
  type Asked,
  askedBy,
  type BooksQuestion,
  type Change,
  type CommandDocument,
  type DueQuery,
  idOf,
  isCommandOf,
  isOwed,
  isUnderWay,
  isUntold,
  type NewCommand,
  type Recorded,
  type RevisionStep,
  type StoredCommand,
  stateOf,
  tokenKept,
  type Written,
} from '@otn/dispatcher/decisions'
import type { TokenId } from '@otn/kernel'

interface Entry {
  readonly document: CommandDocument
  readonly revision: number
  readonly leaseUntil: number
  readonly unknownSince: number | null
  readonly takenAt: number
  readonly isTaken: boolean
  /** Who took the lease; null once the lease was set by a change. */
  readonly taker: string | null
}

/** A worker's lease. */
export interface Taking {
  readonly leaseMs: number
  readonly worker: string
}

/** Ways to be worse than the real one, for planted bugs. */
export interface ClaimsFlaws {
  /** A claim overwrites whatever stands there. */
  readonly isBlind?: boolean
  /** An attempt of unknown outcome does not keep its token. */
  readonly letsGoEarly?: boolean
  /** Writes are acknowledged before a majority has them, and a step-down takes them back. */
  readonly isUnsafe?: boolean
}

export interface ClaimsParts {
  /** The store's own clock. */
  readonly nowMs: () => number
  readonly firstRevision: () => number
  readonly flaws?: ClaimsFlaws
  /** Told of each token that a command has from now on. */
  readonly onHeld?: (token: TokenId, command: CommandDocument['command']) => void
}

export class Claims {
  generation: string | null = null
  rebuild: { readonly id: string; readonly until: number } | null = null
  /** What was withdrawn: a token's id or a scope → up to which instant. */
  readonly withdrawn = new Map<string, number>()
  readonly cursors = new Map<string, { readonly next: bigint; readonly generation: string }>()
  readonly #entries = new Map<string, Entry>()
  readonly #holders = new Map<string, string>()
  readonly #undo: (() => void)[] = []
  readonly #flaws: ClaimsFlaws
  readonly #nowMs: () => number
  readonly firstRevision: () => number
  readonly #onHeld: NonNullable<ClaimsParts['onHeld']>

  constructor({ nowMs, firstRevision, flaws = {}, onHeld = () => {} }: ClaimsParts) {
    this.#nowMs = nowMs
    this.#onHeld = onHeld
    this.firstRevision = firstRevision
    this.#flaws = flaws
  }

  read(id: string): StoredCommand | null {
    const entry = this.#entries.get(id)
    if (!entry) return null
    const { document, revision, unknownSince, takenAt, isTaken } = entry
    const doubtMs = unknownSince === null ? 0 : Math.max(0, takenAt - unknownSince)
    return { ...document, id, revision, doubtMs, isTaken }
  }

  /** One compare-and-set. */
  write(
    id: string,
    { from, to }: RevisionStep,
    { document, leaseMs, beginsDoubt }: Change,
  ): Written {
    const entry = this.#entries.get(id)
    const isClaim = stateOf(document.command) === 'attempting' && document.unknown.length === 0
    const isForced = this.#flaws.isBlind && isClaim && entry !== undefined
    if (!isForced && (entry?.revision ?? 0) !== from) return 'changed-meanwhile'
    const holds = this.#holdsOf(document)
    const holder = holds === null ? undefined : this.#holders.get(holds)
    if (holder !== undefined && holder !== id) return 'token-taken'
    this.#put(id, {
      document: plain(document),
      revision: to,
      leaseUntil: leaseMs === null ? (entry?.leaseUntil ?? 0) : this.#nowMs() + leaseMs,
      unknownSince: beginsDoubt ? this.#nowMs() : (entry?.unknownSince ?? null),
      takenAt: entry?.takenAt ?? 0,
      isTaken: entry?.isTaken ?? false,
      taker: leaseMs === null ? (entry?.taker ?? null) : null,
    })
    return 'written'
  }

  /** Inserts what is new and leaves alone what is there. */
  record({ document, leaseMs, revision }: NewCommand, isKnownToCaller: boolean): Recorded {
    const id = idOf(document)
    const known = this.#entries.get(id)
    if (known && isKnownToCaller) {
      const isSame = isCommandOf(known.document.command, document.command.digest)
      return isSame ? 'known' : 'other'
    }
    const lease = { leaseUntil: this.#nowMs() + leaseMs, isTaken: false, taker: null, takenAt: 0 }
    this.#put(id, { document: plain(document), revision, unknownSince: null, ...lease })
    return 'recorded'
  }

  holderOf(token: TokenId): StoredCommand | null {
    const id = this.#holders.get(token)
    return id === undefined ? null : this.read(id)
  }

  /** Questions that other commands put to a person, or may have. */
  askedOf({ id, pageId, person, sinceMs }: BooksQuestion): readonly Asked[] {
    return this.#asked(pageId, id).filter((asked) => asked.person === person && asked.at > sinceMs)
  }

  /** How many the page put. */
  askedOn({ id, pageId, pageSinceMs, pageMax }: BooksQuestion): number {
    const asked = this.#asked(pageId, id).filter(({ at }) => at > pageSinceMs)
    return Math.min(pageMax, asked.length)
  }

  due({ nowMs, limit, without, untold = [], busy }: DueQuery, worker: string): readonly string[] {
    const found: string[] = []
    for (const [id, entry] of this.#entries) {
      const { document } = entry
      if (!isOwed(document) || !this.#isFree(entry, worker) || busy.has(id)) continue
      const { command, dueAt, giveUpAt } = document
      const isLate = giveUpAt !== null && giveUpAt < nowMs && stateOf(command) === 'open'
      const isKept = without === 'all' || without.includes(command.pageId)
      const isSilent = untold.includes(command.pageId) && isUntold(document)
      const isHeld = isKept && !isUnderWay(document) && !isSilent
      if (isLate || (dueAt <= nowMs && !isHeld)) found.push(id)
    }
    return found.slice(0, limit)
  }

  take(id: string, { leaseMs, worker }: Taking): StoredCommand | null {
    const entry = this.#entries.get(id)
    const now = this.#nowMs()
    if (!entry || !isOwed(entry.document) || !this.#isFree(entry, worker)) return null
    const lease = { leaseUntil: now + leaseMs, takenAt: now, isTaken: true, taker: worker }
    this.#put(id, { ...entry, ...lease })
    return this.read(id)
  }

  all(): readonly StoredCommand[] {
    return [...this.#entries.keys()].flatMap((id) => this.read(id) ?? [])
  }

  /** Prepared long ago, while nothing was on the log. */
  prepare(generation: string, partitions: readonly string[]): void {
    this.generation = generation
    for (const id of partitions) this.cursors.set(id, { next: 0n, generation })
  }

  /** Somebody dropped the database. */
  empty(): void {
    this.generation = null
    this.rebuild = null
    this.clear()
  }

  /** Collections made anew by a rebuild. */
  clear(): void {
    this.#entries.clear()
    this.#holders.clear()
    this.cursors.clear()
    this.withdrawn.clear()
    this.#undo.length = 0
  }

  /** Another member becomes primary: what no majority had is gone. */
  stepDown(writes: number): void {
    for (const undo of this.#undo.splice(-writes).toReversed()) undo()
  }

  /** Nobody's, or lost to the very worker that has it. */
  #isFree({ leaseUntil, taker, document }: Entry, worker: string): boolean {
    return leaseUntil <= this.#nowMs() || taker === worker || document.worker === worker
  }

  #asked(pageId: string, id: string): readonly Asked[] {
    return [...this.#entries].flatMap(([other, { document }]) => {
      const isOther = other !== id && document.command.pageId === pageId
      return isOther ? (askedBy(document.command) ?? []) : []
    })
  }

  #holdsOf(document: CommandDocument): ReturnType<typeof tokenKept> {
    const isOpenDoubt = document.unknown.length > 0 && document.command.final === null
    return this.#flaws.letsGoEarly && isOpenDoubt ? null : tokenKept(document)
  }

  #put(id: string, entry: Entry): void {
    const before = this.#entries.get(id)
    if (this.#flaws.isUnsafe) {
      this.#undo.push(() => this.#set(id, before))
      if (this.#undo.length > 8) this.#undo.shift()
    }
    this.#set(id, entry)
  }

  #set(id: string, entry: Entry | undefined): void {
    const before = this.#entries.get(id)
    const held = before ? this.#holdsOf(before.document) : null
    if (held !== null && this.#holders.get(held) === id) this.#holders.delete(held)
    if (!entry) {
      this.#entries.delete(id)
      return
    }
    this.#entries.set(id, entry)
    const holds = this.#holdsOf(entry.document)
    if (holds === null) return
    this.#holders.set(holds, id)
    if (isToken(holds)) this.#onHeld(holds, entry.document.command)
  }
}

/** Leave to ask a person is kept like a token, and is none. */
function isToken(kept: NonNullable<ReturnType<typeof tokenKept>>): kept is TokenId {
  return !kept.startsWith('ask:')
}

/** As a database gives it back: the fields of a document, no more. */
function plain(document: CommandDocument): CommandDocument {
  const { command, content, facts, unknown, isProbing, isContested, lettingGo } = document
  const { cancel, waits, worker, claimant, deaths, dueAt, giveUpAt } = document
  const doubts = { isProbing, isContested, cancel, lettingGo }
  const work = { waits, worker, claimant, deaths, dueAt, giveUpAt }
  return { command, content, facts, unknown, ...doubts, ...work }
}
