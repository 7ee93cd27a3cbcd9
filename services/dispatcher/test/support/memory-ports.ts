/** All ports of the handlers in memory, with nothing failing unless a test says so. */
import type { MessageEchoed, NotificationEvent, Notify, RequestOptIn } from '@otn/contracts'
import { eventId, messageId, type PersonId, Secret } from '@otn/kernel'
import {
  changeCommand,
  type DocumentAccess,
  settleCommand,
} from '../../src/adapters/change-command.ts'
import type { Alarm } from '../../src/domain/alarm.ts'
import { askedBy } from '../../src/domain/asking.ts'
import type { Halt } from '../../src/domain/campaign.ts'
import type { LedgerAnswer, ProposedToken } from '../../src/domain/choose-token.ts'
import type { CommandContent } from '../../src/domain/command-content.ts'
import {
  type BucketUse,
  type CallOutcome,
  type HeldBack,
  NO_ANSWER,
} from '../../src/domain/decide-outcome.ts'
import type { StoredCommand, WrittenFact } from '../../src/domain/document.ts'
import { type NamedFact, nameFact, nameRejection } from '../../src/domain/fact-draft.ts'
import type { Offsets } from '../../src/domain/freshness.ts'
import type { Notifying } from '../../src/domain/page.ts'
import type { ThreadOwner } from '../../src/domain/thread.ts'
import type { ConsentToCall } from '../../src/domain/withdrawal.ts'
import { onCancelNotification } from '../../src/handlers/on-cancel-notification.ts'
import { onCommandDue } from '../../src/handlers/on-command-due.ts'
import { onNotify, recordNotify } from '../../src/handlers/on-notify.ts'
import { onReceiptEvent } from '../../src/handlers/on-receipt-event.ts'
import { recordRequest } from '../../src/handlers/on-request-opt-in.ts'
import { previewNotification } from '../../src/handlers/preview-notification.ts'
import { previewRequest } from '../../src/handlers/preview-request.ts'
import { runLane, tellFacts } from '../../src/handlers/run-lane.ts'
import type { InboxPorts, Unusable } from '../../src/inbox-ports.ts'
import type { Stopping, Turn } from '../../src/lanes-port.ts'
import { type Seams, seamsWith } from '../../src/opening/with-fault-points.ts'
import type { Planner } from '../../src/planner-port.ts'
import type {
  Call,
  Commands,
  DuePorts,
  EchoReader,
  LanePorts,
  Pages,
  PageView,
} from '../../src/ports.ts'
import { ASKING, identity, NOTIFYING, NOW, PAGE, PERSON, T1, THREADS } from './command-facts.ts'
import { createMemoryStore } from './store-memory.ts'

/** @param seams what stands around the ports; nothing where left out */
export function createMemoryPorts(seams: Seams = seamsWith(null)) {
  const state = {
    nowMs: NOW,
    machineMs: 0,
    /** What is on the log, in order. */
    log: [] as NotificationEvent[],
    parked: [] as Unusable[],
    calls: [] as Call[],
    offered: [] as StoredCommand[],
    stops: [] as Stopping[],
    outcome: { ...NO_ANSWER, kind: 'sent', messageId: messageId('m') } as CallOutcome,
    tokens: [] as readonly ProposedToken[],
    windowOpenUntil: null as number | null,
    thread: null as ThreadOwner | null,
    threads: { ...THREADS },
    /** What became of each thread that was asked for, or given up. */
    threadCalls: [] as string[],
    takesThreadCalls: true,
    alarms: [] as Alarm[],
    /** When the person last withdrew; null = never. */
    withdrewAt: null as number | null,
    /** Whom the ledger names when it is asked for an account, by its link; null = nobody. */
    linked: null as { readonly person: PersonId; readonly link: string } | null,
    asOf: offsets(0n),
    needs: offsets(0n),
    gate: (_consent: ConsentToCall | null): 'open' | 'withdrawn' => 'open',
    /** What keeps the notifications of campaigns back. */
    halt: null as Halt | null,
    /** Throws where the store is another one by now. */
    standing: () => {},
    tellFails: null as Error | null,
    ledgerFails: null as Error | null,
    pageTokenFails: null as Error | null,
    contentFails: null as Error | null,
    /** Where a process dies: what it asked for there never comes. */
    diesAt: null as 'ledger' | 'call' | null,
    /** Commands that a message contradicted. */
    contradicted: [] as string[],
    /** What headers told of limits. */
    uses: [] as BucketUse[],
    turn: (): Turn => ({ kind: 'now' }),
    /** What happens while a call waits to leave, and what keeps it back then. */
    beforeCall: async () => {},
    holdsBack: null as HeldBack | null,
    quietUntil: (_nowMs: number, _timeZone?: string | null): number | null => null,
    /** What happens while a call is under way. */
    whileCalled: async () => {},
    /** What happens while somebody waits. */
    whileAsleep: () => {},
    isRead: true,
    /** Whether what was withdrawn is known to the gate. */
    withdrawalsRead: true,
    view: { standing: 'active', isWarned: false, connection: CONNECTION } as PageView,
    /** Whether the page lets a command notify. */
    mayNotify: (_: Notifying) => true,
  }
  const view: Pages['view'] = async (_, notifying) => {
    if (notifying === null || state.mayNotify(notifying)) return state.view
    return { standing: 'requester-not-allowed', isWarned: false, connection: null }
  }
  const store = createMemoryStore(() => state.machineMs)
  const access: DocumentAccess = {
    read: async (id) => store.read(id),
    write: async (id, step, change) => store.write(id, step, change),
    firstRevision: () => store.firstRevision(),
  }
  const commands: Commands = {
    read: access.read,
    change: (known, decide) => changeCommand(access, known, decide),
    settle: (known, decide) => settleCommand(access, known, decide),
    changeAll: async (ids, decide) => {
      for (const id of ids) await settleCommand(access, id, (known) => decide(id, known))
    },
    holderOf: async (token) => store.holderOf(token),
  }
  const facts: LanePorts['facts'] = {
    write: (command, draft, { nowMs, person = null }) =>
      written(nameFact(command, draft, { identity, nowMs, person })),
    writeAlarm: (_command, alarm) => {
      const value = Buffer.from(JSON.stringify(alarm))
      return { eventId: eventId(alarm.same.join('/')), key: '', value, headers: {}, topic: 'alarm' }
    },
    writeRejection: (command, nowMs) =>
      written(nameRejection(command, { identity, nowMs, person: null })),
    tell: async (stored) => {
      if (state.tellFails) throw state.tellFails
      for (const { value, topic } of stored) {
        const list: unknown[] = topic === 'alarm' ? state.alarms : state.log
        list.push(JSON.parse(value.toString('utf8')))
      }
    },
  }
  const lane: LanePorts & Pick<DuePorts, 'pages'> = {
    commands: seams.commands(commands),
    facts: seams.facts(facts),
    pages: {
      ...{ fold: () => {}, view, isRead: async () => state.isRead, held: () => [] },
      isCurrent: ({ eventId }) => state.view.connection?.eventId === eventId,
    },
    tokens: {
      pageToken: () => {
        if (state.pageTokenFails) throw state.pageTokenFails
        return new Secret('page token')
      },
      open: ({ tokenId }) => new Secret(`raw ${tokenId}`),
      psidOf: () => new Secret('2000'),
      openAccount: ({ eventId }) => new Secret(`psid of ${eventId}`),
    },
    lanes: {
      offer: (document) => state.offered.push(document) > 0,
      hasRoom: () => true,
      stopOf: () => null,
      stop: (_page, stopping) => state.stops.push(stopping),
      answered: () => {},
      unanswered: () => {},
      used: (_page, use) => void state.uses.push(...use),
      turn: async () => state.turn(),
      leave: async () => {
        await state.beforeCall()
        return state.holdsBack
      },
      resume: () => {},
      wakeIn: () => {},
    },
    gate: seams.gate({
      check: async (consent) => state.gate(consent),
      standing: async () => state.standing(),
    }),
    sender: {
      send: async (call) => {
        state.calls.push(call)
        if (state.diesAt === 'call') return new Promise(() => {})
        const { outcome } = state
        await state.whileCalled()
        return outcome
      },
    },
    tell: { ...TELLS_NOBODY, contradicted: ({ id }) => void state.contradicted.push(id) },
    clock: { nowMs: () => state.nowMs },
    machineMs: () => state.machineMs,
    sleep: async () => state.whileAsleep(),
    random: () => 0,
    quietUntil: ({ nowMs, timeZone }) => state.quietUntil(nowMs, timeZone),
    isClosing: () => false,
    calls: { leaseMs: 60_000, settleMs: 120_000 },
    worker: 'worker-1',
  }
  const due: DuePorts = {
    ...lane,
    contents: {
      seal: (notify) => ({ ...SEAL, sealed: Buffer.from(JSON.stringify(notify)) }),
      open: ({ sealed }) => {
        if (state.contentFails) throw state.contentFails
        return JSON.parse(sealed.toString('utf8')) as CommandContent
      },
    },
    ledger: seams.ledger({
      ask: async ({ externalUserId }): Promise<LedgerAnswer> => {
        if (state.diesAt === 'ledger') return new Promise(() => {})
        if (state.ledgerFails) throw state.ledgerFails
        const { asOf, tokens, windowOpenUntil, withdrewAt, linked, thread } = state
        if (externalUserId) {
          const nobody = { asOf, person: null, windowOpenUntil: null, tokens: [] }
          if (linked === null) return nobody
          const account = { eventId: linked.link, keyId: 'k1', sealed: Buffer.alloc(0) }
          return { asOf, person: linked.person, windowOpenUntil, tokens, account }
        }
        return { asOf, person: PERSON, windowOpenUntil, withdrewAt, tokens, thread }
      },
    }),
    ends: { needsOf: async () => state.needs, now: async () => state.needs, forget: () => {} },
    withdrawalsRead: async () => state.withdrawalsRead,
    doubt: { policy: 'probe', probesMax: 3, doubtMsMax: 3_600_000 },
    brakes: { look: async () => state.halt },
    books: {
      look: async ({ id, person, sinceMs, pageSinceMs }) => {
        const others = store.all().filter((document) => document.id !== id)
        const asked = others.flatMap(({ command }) => askedBy(command) ?? [])
        const ofPerson = asked.filter((one) => one.person === person && one.at > sinceMs)
        return { ofPerson, onPage: asked.filter(({ at }) => at > pageSinceMs).length }
      },
    },
    threads: {
      get settings() {
        return state.threads
      },
      request: async ({ psid }) => {
        state.threadCalls.push(`request ${psid.reveal()}`)
        return state.takesThreadCalls
      },
      release: async ({ psid }) => {
        state.threadCalls.push(`release ${psid.reveal()}`)
        return state.takesThreadCalls
      },
    },
    asking: ASKING,
    notifying: NOTIFYING,
    runLane: runLane(lane),
    tellFacts: tellFacts(lane),
  }
  const inbox: InboxPorts = {
    ...{ ...due, identity, tell: TELLS_NOBODY },
    inbox: seams.inbox({
      record: async (documents) => store.record(documents),
      firstRevision: () => store.firstRevision(),
    }),
    parking: { park: async (messages) => void state.parked.push(...messages) },
  }
  const previewing = {
    ...{ ...due, identity, machineMs: () => state.machineMs, patienceMs: 1_500 },
    ...{ sender: PLANNER, gate: lane.gate },
    sleep: async (ms: number) => {
      state.machineMs += ms
      state.whileAsleep()
    },
  }
  return {
    state,
    store,
    commands,
    due,
    inbox,
    handle: onNotify(inbox),
    record: recordNotify(inbox),
    cancelling: onCancelNotification(inbox),
    run: onCommandDue(due),
    /** Another process on the same store. */
    runAs: (worker: string) =>
      onCommandDue({ ...due, worker, runLane: runLane({ ...lane, worker }) }),
    preview: previewNotification(previewing),
    previewRequest: previewRequest(previewing),
    /** Records requests and runs them one after another as far as they go. */
    ask: async (...requests: readonly RequestOptIn[]) => {
      await recordRequest(inbox)(requests)
      for (const document of state.offered.splice(0)) await onCommandDue(due)(document)
    },
    /** The same for all of them at the same time. */
    askAtOnce: async (...requests: readonly RequestOptIn[]) => {
      await recordRequest(inbox)(requests)
      await Promise.all(state.offered.splice(0).map((document) => onCommandDue(due)(document)))
    },
    /** The platform echoes a message of ours. */
    echo: async (
      echoed: ReturnType<EchoReader['read']>,
      proof: Pick<MessageEchoed, 'messageId' | 'eventId'>,
    ) => {
      const about = { type: 'MessageEchoed', pageId: PAGE, person: PERSON, at: NOW } as const
      const event = { ...about, isEcho: true, ...proof } as unknown as MessageEchoed
      await onReceiptEvent({ ...due, echoes: { read: () => echoed } })(event)
    },
    /** Records a command and runs it as far as it goes. */
    go: async (notify: Notify) => {
      await recordNotify(inbox)([notify])
      for (const document of state.offered.splice(0)) await onCommandDue(due)(document)
    },
  }
}

export function offsets(next: bigint): Offsets {
  const at = new Map([[0, next]])
  return { optIn: at, engagement: at, notification: at, optInRequestEvent: at, token: at }
}

export function proposed(values: Partial<ProposedToken> = {}): ProposedToken {
  const sealedIn = { eventId: 'e', keyId: 'k1', sealed: Buffer.alloc(0) }
  const about = {
    tokenId: T1,
    topic: 'restock-1234',
    state: 'live',
    expiresAt: NOW + 1e9,
    grantedAt: NOW,
  }
  return { ...about, refusals: 0, ...sealedIn, ...values }
}

const SEAL = { record: 'Notify', eventId: 'e', owner: 'o', keyId: 'k1' }
const CONNECTION = {
  ...{ pageId: PAGE, eventId: identity.event('PageConnected', PAGE, ['1']) },
  ...{ keyId: 'k1', sealed: Buffer.alloc(0), graphVersion: null },
}
const PLANNER: Planner = {
  plan: ({ content, byToken }) => {
    const body = `${byToken ? 'token' : 'psid'} ${content.commandId}`
    return { method: 'POST', path: '/v1/me/messages', body }
  },
}
const nothing = () => {}
const TELLS_NOBODY = {
  ...{ attempted: nothing, lapsed: nothing, waited: nothing, closed: nothing, settled: nothing },
  ...{
    contradicted: nothing,
    recorded: nothing,
    parked: nothing,
    cancelled: nothing,
    tellFailed: nothing,
  },
}

function written(named: NamedFact): WrittenFact {
  const value = Buffer.from(JSON.stringify(named))
  const headers = { ce_type: named.type }
  const stored = { eventId: named.eventId, key: named.person ?? '', value, headers }
  const event: NotificationEvent =
    named.type === 'NotificationScheduled'
      ? { ...named, keyId: 'k1', sealed: Buffer.alloc(0) }
      : named
  return { event, stored }
}
