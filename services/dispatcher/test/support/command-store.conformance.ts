/** What the protocol asks of any store of commands. Run against the real one and against its twin. */
import { commandId, pageId } from '@otn/kernel'
import { beforeEach, describe, expect, test } from 'vitest'
import { documentId, evolve, holdsOf } from '../../src/domain/command.ts'
import {
  type Change,
  type CommandDocument,
  idOf,
  type NewCommand,
  newDocument,
  type StoredCommand,
  withFacts,
} from '../../src/domain/document.ts'
import type { FactDraft } from '../../src/domain/fact-draft.ts'
import { told } from '../../src/domain/transitions.ts'
import type { Inbox } from '../../src/inbox-ports.ts'
import type { Agenda, Commands, DueQuery } from '../../src/ports.ts'
import {
  attempted,
  command,
  document,
  failed,
  inDoubt,
  NOW,
  PAGE,
  scheduled,
  sent,
  T1,
  written,
} from './command-facts.ts'

export interface ConformingStore {
  readonly commands: Commands
  readonly inbox: Inbox
  /** Leases what it takes for a minute. */
  readonly agendaOf: (worker: string) => Agenda
  /** Lets time pass by the store's own clock. */
  readonly pass: (ms: number) => Promise<void>
  /** Makes the store anew, as a rebuild does before it folds the log. */
  readonly empty: () => Promise<void>
}

const query: DueQuery = { nowMs: NOW, limit: 10, without: [], busy: new Set() }

export function commandStoreConforms(name: string, open: () => Promise<ConformingStore>): void {
  describe(`${name}: the store of commands`, () => {
    let store: ConformingStore
    beforeEach(async () => {
      store = await open()
    })

    const record = async (fresh: CommandDocument, leaseMs = 0): Promise<StoredCommand> => {
      await store.inbox.record([entry(fresh, leaseMs)])
      return made(fresh)
    }
    const fold = async (fresh: CommandDocument): Promise<StoredCommand> => {
      const change = { document: fresh, leaseMs: 0 }
      await store.commands.changeAll([idOf(fresh)], (_, known) => (known ? null : change))
      return made(fresh)
    }
    const made = async (fresh: CommandDocument): Promise<StoredCommand> => {
      const found = await store.commands.read(idOf(fresh))
      if (found === null) throw new Error('it was made')
      return found
    }
    const entry = (fresh: CommandDocument, leaseMs = 0): NewCommand => {
      return { document: fresh, leaseMs, revision: store.inbox.firstRevision() }
    }
    const change = (known: StoredCommand, ...drafts: readonly FactDraft[]) =>
      store.commands.change(known, (current) => current && decided(current, drafts))

    test('records a command once; the first of an id counts, alone or in one batch', async () => {
      const other = named('c-1', { digest: 'e'.repeat(64) })
      const batch = [named('c-1'), named('c-1'), other, named('c-2')]
      const entries = batch.map((fresh) => entry(fresh))
      const first = await store.inbox.record(entries)
      expect(first).toEqual(['recorded', 'known', 'other', 'recorded'])
      expect(await store.inbox.record(entries)).toEqual(['known', 'known', 'other', 'known'])
    })

    test('gives back what it was given: instants, bytes, texts with $ and dots', async () => {
      const fresh = named('c-$set.1', { requestedBy: '$$ROOT', requestedAt: NOW })
      const sealed = Buffer.from([0, 1, 2, 255])
      const content = { record: 'Notify', eventId: '$x', owner: 'o', keyId: 'k1', sealed }
      const stored = await record({ ...fresh, content, giveUpAt: NOW + 5 })
      const told = await change(stored, scheduled(0), attempted(1), inDoubt(1))
      const found = await store.commands.read(stored.id)
      expect(found).toEqual(told.kind === 'changed' && told.document)
      expect(found).toMatchObject({ giveUpAt: NOW + 5, content })
      expect(found?.revision).toBe(stored.revision + 1)
      const [attempt] = found?.command.attempts ?? []
      expect(attempt).toMatchObject({ tokenId: T1, endedAt: NOW, ending: 'in-doubt' })
      expect(found?.facts.map(({ value }) => Buffer.isBuffer(value))).toEqual([true, true, true])
    })

    test('writes a change only onto the revision that it was decided upon', async () => {
      const stored = await record(named('c-1'))
      const decisions: number[] = []
      const both = await Promise.all(
        ['a', 'b'].map(() =>
          store.commands.change(stored, (known) => {
            decisions.push(known?.revision ?? 0)
            return known && { document: { ...known, waits: known.waits + 1 }, leaseMs: 0 }
          }),
        ),
      )
      expect(both.map(({ kind }) => kind)).toEqual(['changed', 'changed'])
      expect(await store.commands.read(stored.id)).toMatchObject({
        ...{ waits: 2, revision: stored.revision + 2 },
      })
      const { revision } = stored
      expect(decisions.toSorted()).toEqual([revision, revision, revision + 1])
    })

    test('lets one of many commands hold a token, and the next one when it is let go', async () => {
      const rivals = await Promise.all(
        Array.from({ length: 20 }, (_, index) => record(named(`c-${index}`))),
      )
      const claims = await Promise.all(rivals.map((rival) => change(rival, attempted(1))))
      const [winner, ...others] = claims.flatMap((claim) =>
        claim.kind === 'changed' ? [claim.document] : [],
      )
      expect(others).toEqual([])
      expect(claims.filter(({ kind }) => kind === 'token-taken')).toHaveLength(19)
      expect(await store.commands.holderOf(T1)).toMatchObject({ id: winner?.id })
      const loser = rivals.find(({ id }) => id !== winner?.id)
      if (!winner || !loser) throw new Error('one wins, the others lose')
      const free = await change(winner, attempted(1), scheduled(1))
      if (free.kind !== 'changed') throw new Error('nobody else changes it')
      // On a log alone, another one's attempt before this release would be a second holder.
      expect((await change(loser, attempted(1))).kind).toBe('token-taken')
      expect(await store.commands.holderOf(T1)).toMatchObject({ id: winner.id, lettingGo: T1 })
      await store.commands.change(free.document, (known) => known && tellingAll(known))
      expect(await store.commands.holderOf(T1)).toBeNull()
      expect((await change(loser, attempted(1))).kind).toBe('changed')
    })

    test.each([
      ['sent', [attempted(1), sent(1)], true],
      ['in doubt', [attempted(1), inDoubt(1)], true],
      ['failed, the token dead', [attempted(1), failed(1, false)], true],
      ['failed, the token free', [attempted(1), failed(1, true)], false],
    ] as const)('keeps or frees the token of a command that is %s', async (_, drafts, isKept) => {
      const ended = await change(await record(named('c-1')), ...drafts)
      if (ended.kind !== 'changed') throw new Error('nobody else changes it')
      await store.commands.change(ended.document, (known) => known && tellingAll(known))
      const rival = await change(await record(named('c-2')), attempted(1))
      expect(rival.kind).toBe(isKept ? 'token-taken' : 'changed')
    })

    test('settles evidence whoever holds the token by now, and marks that it did', async () => {
      const proven = await record(named('c-1'))
      const holder = await record(named('c-2'))
      await change(holder, attempted(1))
      const settled = await store.commands.settle(
        proven,
        (known) => known && decided(known, [attempted(1), sent(1)]),
      )
      expect(settled.document).toMatchObject({ isContested: true })
      expect(settled.document && holdsOf(settled.document.command)).toBe(T1)
      expect(await store.commands.holderOf(T1)).toMatchObject({ id: holder.id })
    })

    test('makes a document out of facts where there is none, once', async () => {
      const id = documentId(PAGE, 'c-9')
      const fold = () => decided(named('c-9'), [attempted(1)])
      await store.commands.changeAll([id, id], (_, known) => (known ? null : fold()))
      const made = await store.commands.read(id)
      await store.commands.changeAll([id], (_, known) => (known ? null : fold()))
      expect(made).not.toBeNull()
      expect(await store.commands.read(id)).toEqual(made)
    })

    test.each([
      ['recorded', record],
      ['folded', fold],
    ])('once emptied, keeps what is %s anew from who knew it before', async (_, make) => {
      const before = await make(named('c-1'))
      await store.empty()
      const anew = await make(named('c-1'))
      const met: number[] = []
      await store.commands.change(before, (known) => {
        met.push(known?.revision ?? 0)
        return known && { document: { ...known, waits: known.waits + 1 }, leaseMs: 0 }
      })
      expect(met).toEqual([before.revision, anew.revision])
    })

    test('gives what is due to one asker only, and again when its lease has lapsed', async () => {
      await record(named('c-1'))
      const [a, b] = [store.agendaOf('a'), store.agendaOf('b')]
      const twice = await Promise.all([a.takeDue(query), b.takeDue(query)])
      expect(twice.flat().map(({ id }) => id)).toEqual(['1000:c-1'])
      expect(await store.agendaOf('c').takeDue(query)).toEqual([])
      await store.pass(60_000)
      expect(await store.agendaOf('c').takeDue(query)).toHaveLength(1)
    })

    test('gives what a worker took and lost to it again at once, until it was changed', async () => {
      const recorded = await record(named('c-1'))
      const agenda = store.agendaOf('a')
      expect(await agenda.takeDue(query)).toHaveLength(1)
      expect(await agenda.takeDue({ ...query, busy: new Set([recorded.id]) })).toEqual([])
      expect(await store.agendaOf('b').takeDue(query)).toEqual([])
      const [again] = await agenda.takeDue(query)
      if (!again) throw new Error('it was taken again')
      const waiting = { document: { ...again, waits: 1 }, leaseMs: 60_000 }
      await store.commands.change(again, () => waiting)
      expect(await agenda.takeDue(query)).toEqual([])
    })

    test('leaves alone what is leased, not due, ended, busy, or of a page that is held', async () => {
      await record(named('leased'), 5_000)
      await record({ ...named('later'), dueAt: NOW + 1 })
      await change(await record(named('ended')), failed(0, null)).then(async (ended) => {
        if (ended.kind !== 'changed') throw new Error('it was changed')
        const told = { ...ended.document, facts: [] }
        await store.commands.change(ended.document, () => ({ document: told, leaseMs: 0 }))
      })
      await record(named('busy'))
      await record(named('held', { pageId: pageId('2') }))
      const busy = new Set([documentId(PAGE, 'busy')])
      const without = [pageId('2')]
      expect(await store.agendaOf('a').takeDue({ ...query, busy, without })).toEqual([])
      expect(await store.agendaOf('a').takeDue({ ...query, without: 'all' })).toEqual([])
      const later = await store.agendaOf('a').takeDue({ ...query, nowMs: NOW + 1, without })
      expect(later.map(({ id }) => id).toSorted()).toEqual(['1000:busy', '1000:later'])
    })

    test('gives what was not told yet why it waits, of the held pages that are named', async () => {
      await record(named('silent'))
      const told = await record(named('told'))
      const waits = { ...decided(told, [scheduled(0)]).document, facts: [] }
      await store.commands.change(told, () => ({ document: waits, leaseMs: 0 }))
      const held = { ...query, without: [PAGE] }
      expect(await store.agendaOf('a').takeDue(held)).toEqual([])
      const found = await store.agendaOf('a').takeDue({ ...held, untold: [PAGE] })
      expect(found.map(({ id }) => id)).toEqual(['1000:silent'])
    })

    test('gives what a call left to be settled or told though its page is held', async () => {
      const called = await record(named('called'))
      await store.commands.change(called, () => decided(called, [attempted(1)]))
      const untold = await record(named('untold'))
      await store.commands.change(untold, () => decided(untold, [scheduled(0)]))
      await record(named('waits'))
      for (const without of ['all', [PAGE]] as const) {
        const found = await store.agendaOf('a').takeDue({ ...query, without })
        expect(found.map(({ id }) => id).toSorted()).toEqual(['1000:called', '1000:untold'])
      }
    })

    test('gives what is to be given up though its page is held, and counts a doubt’s time', async () => {
      await record({ ...named('c-1'), dueAt: NOW + 9_999, giveUpAt: NOW })
      const late = { ...query, nowMs: NOW + 1, without: 'all' as const }
      expect(await store.agendaOf('a').takeDue(late)).toHaveLength(1)
      const stored = await record(named('c-2'))
      const doubt = { ...decided(stored, [attempted(1)]), leaseMs: 0, beginsDoubt: true }
      await store.commands.change(stored, () => doubt)
      await store.pass(1_000)
      const [taken] = await store.agendaOf('a').takeDue(query)
      expect(taken?.doubtMs).toBeGreaterThanOrEqual(1_000)
      expect(taken?.doubtMs).toBeLessThan(60_000)
    })
  })
}

function named(id: string, values: Partial<ReturnType<typeof command>> = {}): CommandDocument {
  const of = command({ commandId: commandId(id), ...values })
  return document(newDocument({ command: of, content: null, giveUpAt: null }))
}

function decided(known: CommandDocument, drafts: readonly FactDraft[]): Change {
  const facts = drafts.map((draft) => written(known.command, draft))
  const fresh = facts.filter(({ event }) => evolve(known.command, event) !== known.command)
  return { document: withFacts(known, fresh), leaseMs: 0 }
}

/** C5: everything decided is on the log. */
function tellingAll(known: CommandDocument): Change | null {
  return told(known, { facts: known.facts, leaseMs: 0 })
}
