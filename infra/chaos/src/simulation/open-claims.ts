/** The start barrier: the claims are brought to the end of our own streams before anything else. */
import { type Cursors, OUTWAIT_OTHERS_MS, type Read } from '@otn/dispatcher/decisions'
import type { Actor } from './actor.ts'
import { type ClaimsAccess, cursorsOf, lostGeneration, storeAway } from './claims-ports.ts'
import { partitionsOf } from './kafka.ts'
import { nameOf } from './outer-ports.ts'
import { COMMANDS, OWN_STREAMS, type OwnStream, type StreamHandlers } from './own-streams.ts'
import type { Universe } from './universe.ts'

const REBUILD_LEASE_MS = 30_000
const LOOK_AGAIN_MS = 250
const COMMAND_PLACES = COMMANDS.flatMap((topic) =>
  partitionsOf(topic).map((partition) => ({ topic, partition })),
)

export interface OpenedClaims {
  readonly generation: string
  readonly cursors: Cursors
}

export async function openClaims(
  universe: Universe,
  access: ClaimsAccess,
  handlers: StreamHandlers,
): Promise<OpenedClaims> {
  const prepared = await prepare(universe, access)
  const cursors = cursorsOf(access, prepared.id)
  const hasCommands = COMMAND_PLACES.some((place) => universe.kafka.log(place).length > 0)
  if (prepared.isNew) {
    if (hasCommands) await universe.wire.sleep(access.actor, OUTWAIT_OTHERS_MS)
    await clear(universe, access, prepared.id)
  }
  for (const topic of OWN_STREAMS) {
    for (const partition of partitionsOf(topic)) {
      const where = { topic: nameOf(topic), partition }
      const from = prepared.isNew ? 0n : await cursors.read(where)
      if (from === null) throw lostGeneration()
      const stream = { topic, partition, from, handlers }
      const to = await foldToEnd(universe, access.actor, stream)
      if (prepared.isNew) await cursors.place(where, to)
      else if (to > from) await cursors.move(where, { from, to })
    }
  }
  // From where commands are read on, this process begins.
  for (const { topic, partition } of prepared.isNew ? [] : COMMAND_PLACES) {
    const where = { topic: nameOf(topic), partition }
    if ((await cursors.read(where)) === null) throw lostGeneration()
  }
  if (prepared.isNew) await finish(access, cursors, prepared.id)
  return { generation: prepared.id, cursors }
}

/** The database as it is; else the leave to make it anew, for the length of a lease. */
async function prepare(
  { scheduler, wire }: Universe,
  { claims, actor }: ClaimsAccess,
): Promise<{ readonly id: string; readonly isNew: boolean }> {
  for (;;) {
    const effect = () => {
      if (claims.generation !== null) return { id: claims.generation, isNew: false }
      if (claims.rebuild !== null && claims.rebuild.until > scheduler.nowMs) return null
      const id = `g-${actor.name}`
      claims.rebuild = { id, until: scheduler.nowMs + REBUILD_LEASE_MS }
      return { id, isNew: true }
    }
    const found = await wire.call(actor, { label: 'store.prepare', effect, error: storeAway })
    if (found !== null) return found
    await wire.sleep(actor, LOOK_AGAIN_MS)
  }
}

/** Whatever was written by those who had not noticed yet goes. */
async function clear({ wire }: Universe, { claims, actor }: ClaimsAccess, id: string) {
  const effect = () => {
    if (claims.rebuild?.id !== id) throw lostGeneration()
    claims.clear()
    claims.rebuild = { id, until: claims.rebuild.until }
  }
  await wire.call(actor, { label: 'store.clear', effect, error: storeAway })
}

async function finish(access: ClaimsAccess, cursors: Cursors, id: string): Promise<void> {
  for (const { topic, partition } of COMMAND_PLACES) {
    await cursors.place({ topic: nameOf(topic), partition }, 0n)
  }
  const { claims, wire, actor } = access
  const effect = () => {
    if (claims.rebuild?.id !== id) throw lostGeneration()
    claims.generation = id
    claims.rebuild = null
  }
  await wire.call(actor, { label: 'store.finish', effect, error: storeAway })
}

interface Stream {
  readonly topic: OwnStream
  readonly partition: number
  readonly from: bigint
  readonly handlers: StreamHandlers
}

/** @returns where the log ended when it was read */
async function foldToEnd(
  { kafka, bytes, wire }: Universe,
  actor: Actor,
  { topic, partition, from, handlers }: Stream,
): Promise<bigint> {
  await wire.sleep(actor, 1)
  const log = kafka.log({ topic, partition }).slice(Number(from))
  const reads: Read<unknown>[] = []
  for (const record of log) {
    const decoded = bytes.codec.decode(RECORDS[topic], record.value)
    const source = { topic, partition, ...record }
    if (decoded.kind === 'known') reads.push({ kind: 'known', value: decoded.value, source })
  }
  // Each stream's records go to its own handler.
  const handle = handlers[topic] as (reads: readonly Read<unknown>[]) => Promise<void>
  if (reads.length > 0) await handle(reads)
  return from + BigInt(log.length)
}

const RECORDS = {
  notification: 'NotificationEvent',
  optInRequestEvent: 'OptInRequestEvent',
  receipt: 'ReceiptEvent',
  token: 'TokenEvent',
} as const
