/** Whether nothing is left to do, by what stands in the engines alone. */
import { isOwed } from '@otn/dispatcher/decisions'
import { LEDGER_TOPICS } from '@otn/token-ledger/decisions'
import { partitionsOf } from './kafka.ts'
import { nameOf } from './outer-ports.ts'
import { COMMANDS, OWN_STREAMS } from './own-streams.ts'
import type { Universe } from './universe.ts'

/** Null at rest; else what is still to be done. */
export function unrest(universe: Universe): string | null {
  const { claims, ledgerDatabase, kafka, judge } = universe
  if (claims.generation === null) return 'the claims are being made anew'
  if (!ledgerDatabase.generation?.isLive) return 'the read model is being filled'
  for (const topic of [...COMMANDS, ...OWN_STREAMS]) {
    for (const partition of partitionsOf(topic)) {
      const end = BigInt(kafka.log({ topic, partition }).length)
      const cursor = claims.cursors.get(`${nameOf(topic)}/${partition}`)
      if (cursor?.next !== end) return `the claims are behind in ${topic}/${partition}`
    }
  }
  for (const topic of LEDGER_TOPICS) {
    for (const partition of partitionsOf(topic)) {
      const end = BigInt(kafka.log({ topic, partition }).length)
      const next = ledgerDatabase.cursors.get(`${topic}/${partition}`)
      if (next !== end) return `the read model is behind in ${topic}/${partition}`
    }
  }
  const owed = claims.all().find(isOwed)
  if (owed) return `${owed.id} is owed`
  for (const [id, { pageId }] of judge.commands) {
    if (!judge.accepted.has(id)) return `${id} is not acknowledged`
    if (!claims.read(`${pageId}:${id}`)) return `${id} is not recorded`
  }
  return null
}
