import {
  type Agenda,
  type Books,
  type Change,
  type Commands,
  type Cursors,
  changeCommand,
  type Gate,
  type InboxPorts,
  idOf,
  isWithdrawn,
  type RevisionStep,
  type StoredCommand,
  settleCommand,
  stateOf,
  type Withdrawals,
} from '@otn/dispatcher/decisions'
import { appError } from '@otn/kernel'
import type { Actor } from './actor.ts'
import type { Claims, Taking } from './claims.ts'
import type { Wire } from './wire.ts'

export const storeAway = () => appError('OTN_STORE_UNREACHABLE', { message: 'no primary' })
export const lostGeneration = () =>
  appError('OTN_STORE_GENERATION_LOST', { message: 'the claims were emptied' })

export interface ClaimsAccess {
  readonly claims: Claims
  readonly wire: Pick<Wire, 'call'>
  readonly actor: Actor
}

/** The ports of the claims, each call a way through the network. */
export function commandsOf({ claims, wire, actor }: ClaimsAccess): Commands {
  const access = {
    read: (id: string) => {
      const effect = () => claims.read(id)
      return wire.call(actor, { label: 'store.read', effect, error: storeAway, isRead: true })
    },
    write: (id: string, step: RevisionStep, change: Change) => {
      const effect = () => claims.write(id, step, change)
      const about = purposeOf(change)
      return wire.call(actor, { label: 'store.write', about, effect, error: storeAway })
    },
    firstRevision: () => claims.firstRevision(),
  }
  return {
    read: access.read,
    change: (known, decide) => changeCommand(access, known, decide),
    settle: (known, decide) => settleCommand(access, known, decide),
    changeAll: async (ids, decide) => {
      const effect = () => new Map(ids.map((id) => [id, claims.read(id)]))
      const call = { label: 'store.readAll', effect, error: storeAway, isRead: true }
      const found = await wire.call(actor, call)
      for (const id of ids) {
        const known = found.get(id) ?? null
        if (decide(id, known) === null) continue
        await settleCommand(access, known ?? id, (document) => decide(id, document))
      }
    },
    holderOf: (token) => {
      const effect = () => claims.holderOf(token)
      return wire.call(actor, { label: 'store.holder', effect, error: storeAway, isRead: true })
    },
  }
}

/** What a write is for, as scripts name it. */
function purposeOf({ document, beginsDoubt }: Change): string {
  const state = stateOf(document.command)
  if (beginsDoubt) return 'doubt'
  if (state === 'attempting') return document.unknown.length > 0 ? 'doubt' : 'claim'
  if (state === 'open') return 'wait'
  return document.facts.length > 0 ? 'decide' : 'told'
}

export function agendaOf(
  { claims, wire, actor }: ClaimsAccess,
  taking: Taking,
  seen: (document: StoredCommand) => void,
): Agenda {
  return {
    takeDue: async (query) => {
      const effect = () => claims.due(query, taking.worker)
      const call = { label: 'store.due', effect, error: storeAway, isRead: true }
      const ids = await wire.call(actor, call)
      const taken: StoredCommand[] = []
      for (const id of ids) {
        const take = () => claims.take(id, taking)
        const document = await wire.call(actor, {
          label: 'store.take',
          effect: take,
          error: storeAway,
        })
        if (document) taken.push(document)
        if (document) seen(document)
      }
      return taken
    },
  }
}

/** @param remembers what a process of its own accord knows to have recorded; null = it asks */
export function inboxOf(
  { claims, wire, actor }: ClaimsAccess,
  remembers: ReadonlySet<string> | null,
): InboxPorts['inbox'] {
  const seen = new Set(remembers ?? [])
  return {
    record: (commands) => {
      const effect = () =>
        commands.map((command) => {
          const id = idOf(command.document)
          const isKnown = remembers === null || seen.has(id)
          seen.add(id)
          return claims.record(command, isKnown)
        })
      return wire.call(actor, { label: 'store.record', effect, error: storeAway })
    },
    firstRevision: () => claims.firstRevision(),
  }
}

export function gateOf({ claims, wire, actor }: ClaimsAccess, generation: string): Gate {
  return {
    standing: () => {
      const effect = () => {
        if (claims.generation !== generation) throw lostGeneration()
      }
      return wire.call(actor, { label: 'store.standing', effect, error: storeAway, isRead: true })
    },
    check: (token) => {
      const effect = () => {
        if (claims.generation !== generation) throw lostGeneration()
        const atOf = (key: string) => claims.withdrawn.get(key)
        const isOver = token !== null && isWithdrawn(token, atOf)
        return isOver ? ('withdrawn' as const) : ('open' as const)
      }
      return wire.call(actor, { label: 'store.gate', effect, error: storeAway, isRead: true })
    },
  }
}

export function booksOf({ claims, wire, actor }: ClaimsAccess): Books {
  return {
    look: (question) => {
      const effect = () => ({
        ofPerson: claims.askedOf(question),
        onPage: claims.askedOn(question),
      })
      return wire.call(actor, { label: 'store.books', effect, error: storeAway, isRead: true })
    },
  }
}

export function withdrawalsOf({ claims, wire, actor }: ClaimsAccess): Withdrawals {
  return {
    add: async (withdrawals) => {
      if (withdrawals.length === 0) return
      const effect = () => {
        for (const { key, at } of withdrawals) {
          claims.withdrawn.set(key, Math.max(at, claims.withdrawn.get(key) ?? at))
        }
      }
      await wire.call(actor, { label: 'store.withdraw', effect, error: storeAway })
    },
  }
}

export function cursorsOf({ claims, wire, actor }: ClaimsAccess, generation: string): Cursors {
  const idFor = ({ topic, partition }: { topic: string; partition: number }) =>
    `${topic}/${partition}`
  const known = new Map<string, bigint>()
  return {
    lastKnown: (where) => known.get(idFor(where)) ?? null,
    read: async (where) => {
      const effect = () => claims.cursors.get(idFor(where)) ?? null
      const call = { label: 'cursor.read', effect, error: storeAway, isRead: true }
      const found = await wire.call(actor, call)
      const next = found?.generation === generation ? found.next : null
      if (next !== null) known.set(idFor(where), next)
      return next
    },
    move: async (where, { from, to }) => {
      const effect = () => {
        const found = claims.cursors.get(idFor(where))
        if (found?.generation !== generation || found.next !== from) return false
        claims.cursors.set(idFor(where), { next: to, generation })
        return true
      }
      const about = where.topic
      const call = { label: 'cursor.move', about, effect, error: storeAway }
      const isMoved = await wire.call(actor, call)
      if (isMoved) known.set(idFor(where), to)
      return isMoved
    },
    place: async (where, next) => {
      const effect = () => {
        const found = claims.cursors.get(idFor(where))
        if (found && found.generation !== generation) throw lostGeneration()
        claims.cursors.set(idFor(where), { next, generation })
      }
      await wire.call(actor, { label: 'cursor.place', effect, error: storeAway })
      known.set(idFor(where), next)
    },
  }
}
