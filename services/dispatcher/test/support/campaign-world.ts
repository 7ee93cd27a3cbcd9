/**
 * Campaigns with everything around them made up: people with tokens, a ledger that folds the log,
 * a store that is lost or dropped, and calls that fail before or after their effect.
 */
import type { CampaignCommand, CampaignEvent, NotificationEvent } from '@otn/contracts'
import {
  appError,
  commandId,
  type PageScopedUserId,
  type PersonId,
  pageScopedUserId,
  type TokenId,
  tokenId,
} from '@otn/kernel'
import type { CampaignPorts, Members, SteeringPorts } from '../../src/campaign-ports.ts'
import { type CampaignKey, campaignKey, type Halt, haltOf } from '../../src/domain/campaign.ts'
import { type CampaignDocument, isCampaignOwed } from '../../src/domain/campaign-document.ts'
import type { CampaignContent } from '../../src/domain/campaign-fact.ts'
import { campaignFactKey, nameCampaignFact } from '../../src/domain/campaign-fact.ts'
import { stateOf } from '../../src/domain/command.ts'
import { HELD_UNTIL } from '../../src/domain/decide.ts'
import { isOwed } from '../../src/domain/document.ts'
import { everyTickCampaigns } from '../../src/handlers/every-tick-campaigns.ts'
import { onCampaignCommand } from '../../src/handlers/on-campaign-command.ts'
import { onCampaignEvent } from '../../src/handlers/on-campaign-event.ts'
import { onCommandDue } from '../../src/handlers/on-command-due.ts'
import { onNotificationEvent } from '../../src/handlers/on-notification-event.ts'
import { identity, NOW, PAGE } from './command-facts.ts'
import { createMemoryPorts, proposed } from './memory-ports.ts'

const TOPIC = 'restock-1234'
export const KEY: CampaignKey = campaignKey(PAGE, 'spring')
const away = () => appError('OTN_STORE_UNREACHABLE', { message: 'made up' })

export interface Person {
  readonly psid: PageScopedUserId
  readonly person: PersonId
  readonly tokens: readonly TokenId[]
  readonly grantedAt: number
}

export function personOf(index: number, tokens = 1, grantedAt = NOW - 1_000 + index): Person {
  const psid = pageScopedUserId(String(3_000 + index))
  const ids = Array.from({ length: tokens }, (_, nth) => tokenId(`${index}-${nth}`.padEnd(32, '0')))
  return { psid, person: identity.person(PAGE, psid), tokens: ids, grantedAt }
}

export function steering(type: CampaignCommand['type'], values: Partial<CampaignCommand> = {}) {
  const named = { commandId: commandId(`${type}-1`), pageId: PAGE, campaignId: 'spring' }
  const content = type === 'StartCampaign' ? { topic: TOPIC, text: 'It is back.' } : {}
  return { type, ...named, ...content, requestedBy: 'shop', ...values } as CampaignCommand
}

export function createCampaignWorld(people: readonly Person[], pageSize = 3) {
  const memory = createMemoryPorts()
  const { state, store } = memory
  const documents = new Map<CampaignKey, CampaignDocument>()
  const halts = new Map<CampaignKey, { halt: Halt | null; sequence: number }>()
  const world = {
    people: [...people],
    window: 4,
    /** Called before and after each effect on the campaign's own store; may throw. */
    strike: (_label: string) => {},
    /** Whether the ledger has read what the walk needs. */
    isRead: true,
    /** Tokens that the ledger does not list now. */
    hidden: new Set<TokenId>(),
  }
  const act = async <T>(label: string, effect: () => T): Promise<T> => {
    world.strike(`${label} before`)
    const result = effect()
    world.strike(`${label} after`)
    return result
  }
  const told = () => state.log as unknown as readonly (NotificationEvent | CampaignEvent)[]
  const notifications = () =>
    state.log.filter(({ type }) => type.startsWith('Notification')) as NotificationEvent[]
  const campaignEvents = () =>
    told().filter(({ type }) => type.startsWith('Campaign')) as CampaignEvent[]
  const spent = (token: TokenId) =>
    notifications().some((fact) => fact.type === 'NotificationAttempted' && fact.tokenId === token)
  const holders = () =>
    world.people
      .flatMap(({ person, tokens, grantedAt }) =>
        tokens.map((token) => ({ tokenId: token, person, grantedAt })),
      )
      .filter(({ tokenId: token }) => !spent(token) && !world.hidden.has(token))
  const members = () =>
    store
      .all()
      .filter(({ command }) => campaignKey(command.pageId, command.campaignId ?? '') === KEY)
  const isOpen = ({ command }: { command: Parameters<typeof stateOf>[0] }) =>
    stateOf(command) === 'open'
  const memberPorts: Members = {
    look: async () =>
      act('look', () => ({
        open: members().filter(isOpen).length,
        isOwed: members().some(isOwed),
      })),
    count: async () => {
      const of = (wanted: string) =>
        members().filter(({ command }) => stateOf(command) === wanted).length
      return {
        ...{ recorded: members().length, sent: of('sent'), failed: of('failed') },
        ...{ inDoubt: of('in-doubt'), cancelled: of('cancelled') },
      }
    },
    open: async (_, limit) =>
      members()
        .filter(isOpen)
        .slice(0, limit)
        .map(({ id }) => id),
    bare: async (_, limit) =>
      members()
        .filter((document) => isOwed(document) && document.content === null)
        .slice(0, limit),
    wake: async () => {
      for (const { id, revision, ...document } of members()) {
        if (document.dueAt !== HELD_UNTIL) continue
        const change = { document: { ...document, dueAt: 0 }, leaseMs: 0 }
        store.write(id, { from: revision, to: revision + 1 }, change)
      }
    },
  }
  const campaigns: SteeringPorts['campaigns'] = {
    read: async (key) => documents.get(key) ?? null,
    change: async (key, decide) => {
      const next = decide(documents.get(key) ?? null)
      if (next !== null) await act('change', () => documents.set(key, next))
      return next
    },
    list: async () => [...documents.values()],
    takeDue: async () => [...documents.values()].filter(isCampaignOwed),
    leave: async () => {},
  }
  const brakes: SteeringPorts['brakes'] = {
    look: async (key) => halts.get(key)?.halt ?? null,
    set: (key, brake) =>
      act('brake', () => {
        if (brake.sequence > (halts.get(key)?.sequence ?? -1)) halts.set(key, brake)
      }),
  }
  const due = {
    ...memory.due,
    brakes,
    ledger: {
      ask: async ({ psid, tokenId: token }: { psid: string | null; tokenId: TokenId | null }) => {
        const known = world.people.find(
          (one) => one.psid === psid || one.tokens.includes(token ?? T0),
        )
        const wanted = token === null ? (known?.tokens ?? []) : [token]
        const tokens = wanted.map((id) =>
          proposed({ tokenId: id, state: spent(id) ? 'reserved' : 'live', grantedAt: NOW - 1 }),
        )
        return { asOf: state.asOf, person: known?.person ?? null, windowOpenUntil: null, tokens }
      },
    },
  }
  const nothing = () => {}
  const ports: CampaignPorts & SteeringPorts = {
    ...due,
    identity,
    inbox: {
      record: (documents_) => act('record', () => store.record(documents_)),
      firstRevision: () => store.firstRevision(),
    },
    parking: { park: async (messages) => void state.parked.push(...messages) },
    campaigns,
    members: memberPorts,
    brakes,
    campaignFacts: {
      write: (campaign, draft, { content, ...occasion }) => {
        const named = nameCampaignFact(campaign, draft, { ...occasion, identity })
        const sealed = content ? { keyId: 'k1', sealed: JSON.stringify(content) } : {}
        const event = { ...named, ...sealed } as unknown as CampaignEvent
        const value = Buffer.from(JSON.stringify(event))
        const about = { eventId: event.eventId, key: campaignFactKey(event), headers: {} }
        return { event, stored: { ...about, value, topic: 'campaignEvent' } }
      },
      open: ({ sealed }) => JSON.parse(String(sealed)) as CampaignContent,
    },
    audience: {
      page: async ({ after, limit }) => {
        const from = Number(after ?? 0)
        // A place in the list of all, so that what is spent meanwhile moves nobody.
        const all = world.people.flatMap(({ person, tokens, grantedAt }) =>
          tokens.map((token) => ({ tokenId: token, person, grantedAt })),
        )
        const listed = new Set(holders().map(({ tokenId: token }) => token))
        const size = Math.min(limit, pageSize)
        const items = all.slice(from, from + size)
        const next = from + size >= all.length ? null : String(from + size)
        return { items: items.filter(({ tokenId: token }) => listed.has(token)), next }
      },
      needs: async () => [],
      hasRead: async () => world.isRead,
      size: async () => ({ persons: 0, tokens: 0, expiring: 0 }),
    },
    psids: {
      psidOf: (_, { person }) =>
        world.people.find((one) => one.person === person)?.psid ?? pageScopedUserId('0'),
    },
    window: 4,
    wakeCampaigns: nothing,
    tell: {
      ...memory.inbox.tell,
      ...{ steered: nothing, walked: nothing, unreadable: nothing, completed: nothing },
      stepFailed: nothing,
    },
  }
  const started = { tick: everyTickCampaigns(ports), worker: 1 }
  return {
    ...{ memory, state, world, ports, documents, away, campaignEvents, notifications, members },
    /** Commands as they would be read from the log. */
    steer: (...commands: readonly CampaignCommand[]) =>
      onCampaignCommand(ports)(
        commands.map((value) => ({ kind: 'known' as const, value, source: {} as never })),
      ),
    tick: () => started.tick(),
    /** Another process takes over: what the one before remembered is gone. */
    restart: () => {
      started.worker += 1
      started.tick = everyTickCampaigns(ports)
    },
    /** Runs whatever is due now. */
    run: async (limit = 100) => {
      const query = { nowMs: state.nowMs, limit, without: [], busy: new Set<string>() }
      const worker = `worker-${started.worker}`
      const taken = store.takeDue(query, { leaseMs: 60_000, worker })
      const runOne = onCommandDue({ ...due, worker: memory.due.worker })
      for (const document of taken) await runOne(document)
      return taken.length
    },
    /** The store is dropped, and filled from the log alone. */
    rebuild: async () => {
      store.empty()
      documents.clear()
      halts.clear()
      await onNotificationEvent({ ...due, calls: memory.due.calls })(notifications())
      await onCampaignEvent({ campaigns, brakes })(campaignEvents())
      started.tick = everyTickCampaigns(ports)
    },
    /** Somebody else pauses or stops it. */
    haltAs: (halt: Halt) => void halts.set(KEY, { halt, sequence: 1_000 }),
    haltNow: () => haltOf(documents.get(KEY)?.campaign ?? raise()),
  }
}

const T0 = tokenId('none')

function raise(): never {
  throw new Error('there is no campaign')
}
