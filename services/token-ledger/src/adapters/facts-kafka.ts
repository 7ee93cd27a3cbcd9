import type { Appender } from '@otn/bus'
import { type Codec, cloudEventHeaders, type TokenEvent } from '@otn/contracts'
import type { Facts } from '../log-ports.ts'

/** Nobody waits for them at a door: as long as a fault of Kafka usually takes. */
const DEADLINE_MS = 10_000

export function createFacts({
  appender,
  codec,
}: {
  readonly appender: Appender
  readonly codec: Codec
}): Facts {
  return {
    tell: async (facts) => {
      if (facts.length === 0) return
      const records = facts.map((fact) => recordOf(fact, codec))
      await appender.append(records, { deadlineMs: DEADLINE_MS })
    },
  }
}

function recordOf(fact: TokenEvent, codec: Codec) {
  const { eventId, type } = fact
  const headers = cloudEventHeaders({ id: eventId, source: '/otn/token-ledger', type })
  const value = codec.encode('TokenEvent', fact)
  return { topic: 'token', key: keyOf(fact), value, headers: { ...headers } } as const
}

/** A withdrawal that names no person stands under its command (design 3). */
function keyOf({ person, causationId, eventId }: TokenEvent): string {
  return person ?? `c:${causationId ?? eventId}`
}
