/** The dispatcher's decisions over a store in memory, calling the simulator over HTTP. */
import type { NotificationEvent, Notify, RequestOptIn } from '@otn/contracts'
import {
  createContents,
  createFacts,
  createPages,
  createSender,
  createTokenSafe,
  type Ledger,
  onCommandDue,
  onNotify,
  onPageEvent,
  onRequestOptIn,
  onTokenEvent,
  type Preview,
  previewNotification,
  previewRequest,
  runLane,
  type StoredCommand,
  tellFacts,
} from '@otn/dispatcher/decisions'
import type { GraphClient } from '@otn/graph-api'
import { type Clock, DAY_MS, Secret } from '@otn/kernel'
import { Actor } from '../simulation/actor.ts'
import { type Bytes, identity, shortMac } from '../simulation/bytes.ts'
import { Claims } from '../simulation/claims.ts'
import { booksOf, commandsOf, gateOf, inboxOf, withdrawalsOf } from '../simulation/claims-ports.ts'
import type { Wire } from '../simulation/wire.ts'
import type { InnerLog } from './inner-log.ts'
import { SETTINGS } from './settings.ts'

export interface DispatcherInside {
  preview(command: Command): Promise<Preview>
  /** Takes a command as far as it goes now. @returns what was told of it */
  handle(command: Command): Promise<readonly NotificationEvent[]>
}

export type Command =
  | { readonly kind: 'notify'; readonly value: Notify }
  | { readonly kind: 'request'; readonly value: RequestOptIn }

export interface DispatcherParts {
  readonly log: InnerLog
  readonly bytes: Bytes
  readonly clock: Clock
  readonly ledger: Ledger
  readonly client: GraphClient
  readonly appSecret: string
}

/** Nothing is lost or late on the way to the store: faults are the simulation's. */
const DIRECT: Pick<Wire, 'call'> = { call: async (_actor, { effect }) => effect() }
const nothing = () => {}
const TELLS_NOBODY = {
  ...{ attempted: nothing, lapsed: nothing, waited: nothing, closed: nothing, settled: nothing },
  ...{ contradicted: nothing, recorded: nothing, parked: nothing, cancelled: nothing },
  tellFailed: nothing,
}
/** No other app takes a thread here. */
const THREADS = {
  settings: { appId: '0', policy: 'wait', controlMs: DAY_MS },
  ...{ request: async () => false, release: async () => false },
} as const
const EMPTY = new Map<number, bigint>()
/** The ledger has always read everything. */
const NO_NEEDS = {
  ...{ optIn: EMPTY, engagement: EMPTY, notification: EMPTY, token: EMPTY },
  optInRequestEvent: EMPTY,
}
const ends = { needsOf: async () => NO_NEEDS, now: async () => NO_NEEDS, forget: nothing }

export function startDispatcherInside(parts: DispatcherParts): DispatcherInside {
  const { log, bytes, clock } = parts
  const { codec, vault } = bytes
  let made = 0
  const machineMs = () => performance.now()
  const claims = new Claims({ nowMs: machineMs, firstRevision: () => (made += 1_000) })
  claims.prepare('agreement', [])
  const access = { claims, wire: DIRECT, actor: new Actor('dispatcher', 'dispatcher') }
  const offered: StoredCommand[] = []
  const told: NotificationEvent[] = []
  const lanes = {
    offer: (document: StoredCommand) => offered.push(document) > 0,
    ...{ hasRoom: () => true, stopOf: () => null, stop: nothing, answered: nothing },
    ...{ resume: nothing, wakeIn: nothing, unanswered: nothing, used: nothing },
    turn: async () => ({ kind: 'now' }) as const,
    leave: async () => null,
  }
  const pages = createPages(async () => true)
  log.read('page', onPageEvent({ pages, lanes, pepperCheck: 'p' }))
  const withdraw = onTokenEvent({ withdrawals: withdrawalsOf(access) })
  log.read('token', (event) => withdraw([event]))
  log.read('notification', (event) => void told.push(event))
  log.read('optInRequestEvent', (event) => void told.push(event as unknown as NotificationEvent))
  const sender = createSender({
    ...{ client: parts.client, mac: shortMac, version: 'v21.0', tokenUsedCodes: [] },
    appSecret: new Secret(parts.appSecret),
  })
  const lane = {
    ...{ commands: commandsOf(access), gate: gateOf(access, 'agreement'), lanes, sender, clock },
    facts: createFacts({
      appender: log.appender,
      codec,
      vault,
      identity,
      deadlineMs: 20_000,
      machineMs,
    }),
    ...{ tokens: createTokenSafe(vault, identity), pages, tell: TELLS_NOBODY, machineMs },
    ...{ random: () => 0, quietUntil: () => null },
    ...{ sleep: async () => {}, isClosing: () => false, calls: SETTINGS.calls, worker: 'inside' },
  }
  const due = {
    ...lane,
    ...{ contents: createContents(vault), ledger: parts.ledger, ends },
    ...{ withdrawalsRead: async () => true, books: booksOf(access), doubt: SETTINGS.doubt },
    ...{ asking: SETTINGS.asking, notifying: SETTINGS.notifying, threads: THREADS },
    brakes: { look: async () => null },
    ...{ runLane: runLane(lane), tellFacts: tellFacts(lane) },
  }
  const run = onCommandDue(due)
  const parking = { park: async () => {} }
  const inbox = { ...due, identity, parking, inbox: inboxOf(access, null) }
  const [notify, request] = [onNotify(inbox), onRequestOptIn(inbox)]
  const previewing = { ...due, identity, patienceMs: 0 }
  const [foresee, foreseeRequest] = [previewNotification(previewing), previewRequest(previewing)]
  return {
    preview: ({ kind, value }) => (kind === 'notify' ? foresee(value) : foreseeRequest(value)),
    handle: async (command) => {
      told.length = 0
      if (command.kind === 'notify') {
        await log.write('notify', command.value)
        await notify([known(command.value)])
      } else {
        await log.write('optInRequest', command.value)
        await request([known(command.value)])
      }
      for (const document of offered.splice(0)) await run(document)
      return [...told]
    },
  }
}

function known<T>(value: T) {
  const nowhere = { partition: 0, offset: 0n, timestampMs: 0, key: null, value: null, headers: {} }
  return { kind: 'known', value, source: { topic: 'notify', ...nowhere } } as const
}
