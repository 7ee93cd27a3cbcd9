/** Ports of a dispatcher that need no claims. */
import { kafkaTopics, type TopicAlias } from '@otn/contracts'
import {
  createContents,
  createEchoReader,
  createFacts,
  createLogEnds,
  createSender,
  createTokenSafe,
  type Facts,
  type Ledger,
  type Sender,
  type Threads,
} from '@otn/dispatcher/decisions'
import { appError, type Clock, DAY_MS, Secret } from '@otn/kernel'
import type { Actor } from './actor.ts'
import { identity, shortMac } from './bytes.ts'
import { flawedEnds, flawedFacts, flawedLedger, flawedSender } from './flawed-ports.ts'
import { graphClientOf } from './graph-client.ts'
import { partitionOf } from './kafka.ts'
import { APP_ID, USED_CODE } from './platform.ts'
import { appenderOf, type Universe } from './universe.ts'

export interface OuterPorts {
  readonly facts: Facts
  readonly contents: ReturnType<typeof createContents>
  readonly ledger: Ledger
  readonly ends: ReturnType<typeof createLogEnds>
  readonly sender: Sender
  readonly echoes: ReturnType<typeof createEchoReader>
  readonly tokens: ReturnType<typeof createTokenSafe>
  readonly threads: Threads
  readonly clock: Clock
}

export const nameOf = (topic: TopicAlias) => kafkaTopics[topic].name

export function outerPorts(universe: Universe, actor: Actor): OuterPorts {
  const { bytes, kafka, clock } = universe
  const { codec, vault } = bytes
  const appender = appenderOf(universe, actor, (records) => {
    const first = codec.decode('NotificationEvent', records[0]?.value ?? null)
    return first.kind === 'known' ? first.value.type : 'none'
  })
  const machineMs = () => universe.scheduler.nowMs
  const facts = createFacts({ appender, codec, vault, identity, deadlineMs: 20_000, machineMs })
  const sender = createSender({
    client: graphClientOf(universe, actor),
    mac: shortMac,
    version: 'v21.0',
    appSecret: new Secret('secret'),
    tokenUsedCodes: universe.platform.tellsUsed ? [USED_CODE] : [],
  })
  return {
    facts: flawedFacts(universe, facts, actor),
    sender: flawedSender(universe, sender),
    ledger: flawedLedger(universe, ledgerOf(universe, actor)),
    contents: createContents(vault),
    ends: flawedEnds(universe, createLogEnds(kafka.positions(actor), partitionOf)),
    echoes: createEchoReader({ appId: APP_ID, mac: shortMac }),
    tokens: createTokenSafe(vault, identity),
    threads: WAITING,
    clock,
  }
}

/** Here one app has every thread. */
const WAITING: Threads = {
  settings: { appId: APP_ID, policy: 'wait', controlMs: DAY_MS },
  request: async () => false,
  release: async () => false,
}

const away = () => appError('OTN_LEDGER_UNAVAILABLE', { message: 'no answer' })

/** The ledger answers in its own process: it may die or be away while it is asked. */
function ledgerOf({ wire, ledger }: Universe, actor: Actor): Ledger {
  return {
    ask: async (question) => {
      const effect = () => {
        const api = ledger()
        return api === null || api.actor.isFrozen ? null : api
      }
      const request = { label: 'ledger.ask', effect, error: away, isRead: true }
      const api = await wire.call(actor, request)
      if (api === null) throw away()
      const answer = await api.ask(question).catch(() => null)
      if (answer === null) {
        await wire.sleep(actor, 10)
        throw away()
      }
      const reply = { label: 'ledger.answer', effect: () => answer, error: away, isRead: true }
      return wire.call(actor, reply)
    },
  }
}
