/**
 * Everything around the spend protocol, made up: a store, a log, a ledger that folds it, and a
 * platform with its own truth about what was delivered.
 */
import type { NotificationEvent, Notify } from '@otn/contracts'
import { appError, commandId, eventId, messageId, Secret, type TokenId } from '@otn/kernel'
import { routeAsked } from '@otn/policy'
import { changeCommand, settleCommand } from '../../src/adapters/change-command.ts'
import type { LedgerAnswer, ProposedToken } from '../../src/domain/choose-token.ts'
import { newCommand } from '../../src/domain/command.ts'
import { type CallOutcome, NO_ANSWER, notCalled } from '../../src/domain/decide-outcome.ts'
import { newDocument, type StoredFact } from '../../src/domain/document.ts'
import { type NamedFact, nameFact } from '../../src/domain/fact-draft.ts'
import { onCommandDue } from '../../src/handlers/on-command-due.ts'
import { onReceiptEvent } from '../../src/handlers/on-receipt-event.ts'
import { runLane, tellFacts } from '../../src/handlers/run-lane.ts'
import type { Call, Commands, Facts, LanePorts } from '../../src/ports.ts'
import {
  ASKING,
  identity,
  NOTIFYING,
  NOW,
  notify,
  PAGE,
  PERSON,
  T1,
  T2,
  THREADS,
} from './command-facts.ts'
import { Stage } from './stage.ts'
import { createMemoryStore, type MemoryStore } from './store-memory.ts'

export type Weather =
  | 'accept'
  | 'accept-unheard'
  | 'crash'
  | 'refuse'
  | 'closed'
  | 'throttle'
  | 'unlisted'

export interface Play {
  readonly policy: 'probe' | 'hold'
  /** Whether the platform takes a token once only; without it all safety is ours. */
  readonly isSingleUse: boolean
  /** What it answers to a used token: a code we know, or the bare refusal. */
  readonly knowsUsedCode: boolean
}

interface Delivery {
  readonly commandId: string
  readonly attempt: number
  /** Null where the call named the person. */
  readonly token: TokenId | null
  /** When its caller was about to write, by the machine clock. */
  readonly startedMs: number
}

const LEASE_MS = 60_000
export const SETTLE_MS = 120_000
const LIMITS = { probesMax: 3, doubtMsMax: 3_600_000 }

export class SpendWorld {
  readonly stage = new Stage()
  readonly log: NotificationEvent[] = []
  readonly deliveries: Delivery[] = []
  /** Calls whose bytes left, with whether their command knows that nothing came of them. */
  readonly calls: Delivery[] = []
  readonly store: MemoryStore
  readonly notifies: ReadonlyMap<string, Notify>
  machineMs = 0
  weather: Weather = 'accept'
  /** Tokens that somebody else spent, before we ever called with them. */
  readonly stolen = new Set<TokenId>()
  /** How many facts the ledger is behind. */
  ledgerLag = 0
  /** The person's, as the ledger tells it. */
  isWindowOpen = true
  readonly #play: Play

  constructor(play: Play) {
    this.#play = play
    this.store = createMemoryStore(() => this.machineMs)
    this.notifies = new Map(
      [
        notify({ commandId: commandId('c-1') }),
        notify({ commandId: commandId('c-2') }),
        notify({ commandId: commandId('c-3'), psid: null, tokenId: T1 }),
        notify({ commandId: commandId('c-4'), route: 'WINDOW' }),
        notify({ commandId: commandId('c-5'), route: 'AUTO' }),
      ].map((command) => [command.commandId, command]),
    )
    for (const { commandId: id, topic = null, tokenId, route } of this.notifies.values()) {
      const way = { route: routeAsked(route), asks: null, campaignId: null }
      const heading = { pageId: PAGE, commandId: id, digest: id, topic, ...way }
      const command = newCommand(
        { ...heading, requestedBy: null, requestedAt: null },
        tokenId ? null : PERSON,
      )
      const content = { record: id, eventId: '', owner: '', keyId: '', sealed: Buffer.alloc(0) }
      const document = newDocument({ command, content, giveUpAt: null })
      const revision = this.store.firstRevision()
      this.store.record([{ document, leaseMs: 0, revision }])
    }
  }

  /** Business clock: it goes as the machine's does. */
  get #nowMs(): number {
    return NOW + this.machineMs
  }

  /** Another app spends a token that it was given as well. */
  steal(token: TokenId): void {
    if (!this.calls.some((call) => call.token === token)) this.stolen.add(token)
  }

  /** What a worker does when it looks for work. */
  async poll(worker: string): Promise<void> {
    const query = { nowMs: this.#nowMs, limit: 1, without: [], busy: new Set<string>() }
    // What it took or began and lost again it finds at once, as long as it lives.
    const take = () => this.store.takeDue(query, { leaseMs: LEASE_MS, worker })
    const due = await this.stage.act(worker, 'take', take)
    const run = onCommandDue(this.#duePorts(worker))
    for (const document of due) await run(document)
  }

  /** The platform echoes a message that it delivered. */
  async echo(worker: string, { commandId: id, attempt }: Delivery): Promise<void> {
    const echoes = { read: () => ({ commandId: commandId(id), attempt }) }
    const handle = onReceiptEvent({ ...this.#duePorts(worker), echoes })
    const at = { occurredAt: NOW, at: NOW, messageId: messageId(`m_${id}`) }
    const eventId = identity.event('MessageEchoed', PAGE, [id, String(attempt)])
    await handle({ type: 'MessageEchoed', eventId, pageId: PAGE, person: PERSON, ...at })
  }

  #duePorts(worker: string) {
    const ports = this.#lanePorts(worker)
    return {
      ...ports,
      contents: {
        seal: () => {
          throw new Error('not sealed here')
        },
        open: ({ record }: { readonly record: string }) => this.notifies.get(record) ?? notify(),
      },
      ledger: { ask: () => this.stage.act(worker, 'ask', () => this.#answer()) },
      ends: {
        needsOf: () => this.stage.act(worker, 'ends', () => this.#offsets()),
        now: () => this.stage.act(worker, 'ends', () => this.#offsets()),
        forget: () => {},
      },
      withdrawalsRead: async () => true,
      pages: {
        fold: () => {},
        isRead: async () => true,
        view: async () => ({
          standing: 'active' as const,
          isWarned: false,
          connection: CONNECTION,
        }),
        held: () => [],
        isCurrent: () => true,
      },
      doubt: { policy: this.#play.policy, ...LIMITS },
      brakes: { look: async () => null },
      books: { look: async () => ({ ofPerson: [], onPage: 0 }) },
      threads: { settings: THREADS, request: async () => false, release: async () => false },
      asking: ASKING,
      notifying: NOTIFYING,
      runLane: runLane(ports),
      tellFacts: tellFacts(ports),
    }
  }

  #lanePorts(worker: string): LanePorts {
    return {
      commands: this.#commands(worker),
      facts: this.#facts(worker),
      pages: { isCurrent: () => true },
      tokens: {
        pageToken: () => new Secret('page token'),
        open: ({ tokenId }) => new Secret(tokenId),
        psidOf: () => null,
        openAccount: ({ eventId }) => new Secret(eventId),
      },
      lanes: {
        offer: () => true,
        hasRoom: () => true,
        stopOf: () => null,
        stop: () => {},
        answered: () => {},
        unanswered: () => {},
        used: () => {},
        turn: async () => ({ kind: 'now' }),
        leave: async () => null,
        wakeIn: () => {},
        resume: () => {},
      },
      gate: {
        check: () => this.stage.act(worker, 'gate', () => 'open' as const),
        standing: () => this.stage.act(worker, 'gate', () => {}),
      },
      sender: { send: (call) => this.#send(worker, call) },
      tell: SILENT,
      clock: { nowMs: () => this.#nowMs },
      machineMs: () => this.machineMs,
      sleep: () => this.stage.act(worker, 'sleep', () => {}),
      random: () => 0,
      quietUntil: () => null,
      isClosing: () => false,
      calls: { leaseMs: LEASE_MS, settleMs: SETTLE_MS },
      worker,
    }
  }

  #commands(worker: string): Commands {
    const { stage, store } = this
    const access = {
      read: (id: string) => stage.act(worker, 'read', () => store.read(id)),
      write: (...write: Parameters<MemoryStore['write']>) =>
        stage.act(worker, 'write', () => store.write(...write)),
      firstRevision: () => store.firstRevision(),
    }
    return {
      read: access.read,
      change: (known, decide) => changeCommand(access, known, decide),
      settle: (known, decide) => settleCommand(access, known, decide),
      changeAll: async () => {},
      holderOf: (token) => stage.act(worker, 'holder', () => store.holderOf(token)),
    }
  }

  #facts(worker: string): Facts {
    return {
      write: (command, draft, { nowMs, person = null }) => {
        const named = nameFact(command, draft, { identity, nowMs, person })
        return { event: sealed(named), stored: storedFact(named) }
      },
      writeAlarm: (_command, { same }) => {
        const id = eventId(same.join('/'))
        const value = Buffer.from(JSON.stringify({ type: 'AlarmRaised', eventId: id }))
        return { eventId: id, key: '', headers: {}, topic: 'alarm', value }
      },
      writeRejection: () => {
        throw new Error('nothing is rejected here')
      },
      tell: (facts) =>
        this.stage.act(worker, 'append', () => {
          for (const { value, topic } of facts) {
            if (topic !== 'alarm') this.log.push(JSON.parse(value.toString('utf8')))
          }
        }),
    }
  }

  /** The call, seen from outside: bytes leave, something happens there, an answer comes or not. */
  async #send(worker: string, call: Call): Promise<CallOutcome> {
    if (!call.mayStart()) return notCalled('log-unavailable')
    const startedMs = this.machineMs
    try {
      return await this.stage.act(worker, 'call', () => this.#platform(call, startedMs))
    } catch {
      return { ...NO_ANSWER, kind: 'unknown', mayProbe: true }
    }
  }

  #platform(call: Call, startedMs: number): CallOutcome {
    const { content, attempt } = call
    const { commandId: id } = content
    const made = {
      commandId: id,
      attempt,
      token: (call.token?.reveal() ?? null) as TokenId | null,
      startedMs,
    }
    const isOurs = this.deliveries.some((delivery) => delivery.token === made.token)
    // Without a token the same message is taken as often as it is sent.
    const isUsed = made.token !== null && (isOurs || this.stolen.has(made.token))
    if (isUsed && this.#play.isSingleUse) {
      if (this.#play.knowsUsedCode) return { ...NO_ANSWER, kind: 'token-used' }
      return { ...NO_ANSWER, kind: 'refused', reason: 'token-rejected', tokenIsDead: false }
    }
    switch (this.weather) {
      case 'accept':
      case 'accept-unheard':
        this.deliveries.push(made)
        this.calls.push(made)
        return this.weather === 'accept'
          ? { ...NO_ANSWER, kind: 'sent', messageId: messageId(`m_${id}`) }
          : { ...NO_ANSWER, kind: 'unknown', mayProbe: true }
      case 'crash':
        this.calls.push(made)
        return { ...NO_ANSWER, kind: 'unknown', mayProbe: true }
      case 'unlisted':
        this.calls.push(made)
        return { ...NO_ANSWER, kind: 'unlisted' }
      case 'closed':
      case 'refuse':
        return {
          ...NO_ANSWER,
          kind: 'refused',
          reason: this.weather === 'closed' ? 'window-closed' : 'recipient-unavailable',
          tokenIsDead: false,
        }
      case 'throttle': {
        const pause = { scope: 'page', waitMs: 1_000, untilPageEvent: false } as const
        return { ...NO_ANSWER, kind: 'not-sent', reason: 'rate-limited', pause }
      }
    }
  }

  #offsets(length = this.log.length) {
    const at = (next: number) => new Map([[0, BigInt(next)]])
    return {
      optIn: at(0),
      engagement: at(0),
      notification: at(length),
      optInRequestEvent: at(0),
      token: at(0),
    }
  }

  #answer(): LedgerAnswer {
    const read = this.log.slice(0, Math.max(0, this.log.length - this.ledgerLag))
    const tokens = [T1, T2].map((tokenId) => proposed(tokenId, stateIn(read, tokenId)))
    return {
      asOf: this.#offsets(read.length),
      person: PERSON,
      windowOpenUntil: this.#nowMs + (this.isWindowOpen ? 1 : 0),
      tokens,
    }
  }
}

const CONNECTION = {
  pageId: PAGE,
  eventId: identity.event('PageConnected', PAGE, ['1']),
  keyId: 'k1',
  sealed: Buffer.alloc(0),
  graphVersion: null,
}
const SILENT = {
  attempted: () => {},
  lapsed: () => {},
  waited: () => {},
  closed: () => {},
  settled: () => {},
  contradicted: () => {},
}

export const storeAway = appError('OTN_STORE_UNREACHABLE', { message: 'made up' })
export const notAcknowledged = appError('OTN_BUS_NOT_ACKNOWLEDGED', { message: 'made up' })

function proposed(tokenId: TokenId, state: string): ProposedToken {
  const sealedIn = { eventId: tokenId, keyId: 'k1', sealed: Buffer.alloc(0) }
  const expiresAt = NOW + (tokenId === T1 ? 1 : 2) * 86_400_000
  const about = { tokenId, topic: 'restock-1234', state, refusals: 0 }
  return { ...about, expiresAt, grantedAt: NOW, ...sealedIn }
}

/** The state of a token by the rules of design 3, told apart from our own code on purpose. */
function stateIn(log: readonly NotificationEvent[], token: TokenId): string {
  const about = log.filter(({ tokenId }) => tokenId === token)
  if (about.some(({ type }) => type === 'NotificationSent')) return 'redeemed'
  const last = about.at(-1)
  if (!last) return 'live'
  if (last.type === 'NotificationAttempted') return 'reserved'
  if (last.type === 'NotificationInDoubt') return 'in-doubt'
  return last.tokenReleased ? 'live' : 'rejected'
}

function sealed(named: NamedFact): NotificationEvent {
  if (named.type !== 'NotificationScheduled') return named
  return { ...named, keyId: 'k1', sealed: Buffer.alloc(0) }
}

function storedFact(named: NamedFact): StoredFact {
  const value = Buffer.from(JSON.stringify(named))
  return { eventId: named.eventId, key: named.person ?? '', value, headers: {} }
}

export type { Delivery }
