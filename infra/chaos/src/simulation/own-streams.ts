import type { RecordOf, Records } from '@otn/contracts'
import {
  ofRequestEvent,
  onNotificationEvent,
  onReceiptEvent,
  onTokenEvent,
  type Read,
  tellFacts,
} from '@otn/dispatcher/decisions'
import type { Actor } from './actor.ts'
import { type ClaimsAccess, commandsOf, withdrawalsOf } from './claims-ports.ts'
import type { OuterPorts } from './outer-ports.ts'
import { SETTINGS } from './settings.ts'
import { laneTelemetry } from './telemetry.ts'
import type { Universe } from './universe.ts'

/** In the order in which they are folded: facts before their evidence. */
export const OWN_STREAMS = ['notification', 'optInRequestEvent', 'receipt', 'token'] as const

/** Commands, in the order in which they are read. */
export const COMMANDS = ['notify', 'optInRequest', 'cancel'] as const

export type CommandStream = (typeof COMMANDS)[number]

export type OwnStream = (typeof OWN_STREAMS)[number]

export type StreamHandlers = {
  readonly [Topic in OwnStream]: (reads: readonly Read<Records[RecordOf<Topic>]>[]) => Promise<void>
}

/** What our own streams do to the claims, at the start and for good. */
export function streamHandlers(
  universe: Universe,
  actor: Actor,
  { outer, access }: { readonly outer: OuterPorts; readonly access: ClaimsAccess },
): StreamHandlers {
  const commands = commandsOf(access)
  const told = tellFacts({ commands, facts: outer.facts, gate: null, machineMs: () => 0 })
  const tell = laneTelemetry(universe, actor)
  const ports = { ...outer, commands, tellFacts: told, tell, calls: SETTINGS.calls }
  const fold = onNotificationEvent(ports)
  const settle = onReceiptEvent(ports)
  const withdraw = onTokenEvent({ withdrawals: withdrawalsOf(access) })
  return {
    notification: async (reads) => {
      const facts = known(reads)
      universe.coverage.facts(universe.claims, facts)
      await fold(facts)
    },
    optInRequestEvent: async (reads) => {
      const facts = known(reads).map(ofRequestEvent)
      universe.coverage.facts(universe.claims, facts)
      await fold(facts)
    },
    receipt: async (reads) => {
      for (const event of known(reads)) {
        universe.coverage.echo(universe.claims, event, outer.echoes)
        await settle(event)
      }
    },
    token: async (reads) => withdraw(known(reads)),
  }
}

function known<T>(reads: readonly Read<T>[]): readonly T[] {
  return reads.flatMap((read) => (read.kind === 'known' ? [read.value] : []))
}
