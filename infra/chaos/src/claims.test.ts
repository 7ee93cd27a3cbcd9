import { commandStoreConforms } from '@otn/dispatcher/command-store.conformance'
import { Actor } from './simulation/actor.ts'
import { Claims } from './simulation/claims.ts'
import { agendaOf, commandsOf, inboxOf } from './simulation/claims-ports.ts'
import { Random, revisionsOf } from './simulation/random.ts'

/** What the simulation plays on promises what the real store promises. */
commandStoreConforms('simulated', async () => {
  let nowMs = 0
  const claims = new Claims({ nowMs: () => nowMs, firstRevision: revisionsOf(new Random(1)) })
  // A network on which nothing happens.
  const wire = { call: async <T>(_: Actor, { effect }: { readonly effect: () => T }) => effect() }
  const access = { claims, wire, actor: new Actor('dispatcher', 'dispatcher-1') }
  return {
    inbox: inboxOf(access, null),
    agendaOf: (worker) => agendaOf(access, { leaseMs: 60_000, worker }, () => {}),
    commands: commandsOf(access),
    pass: async (ms) => {
      nowMs += ms
    },
    empty: async () => claims.clear(),
  }
})
