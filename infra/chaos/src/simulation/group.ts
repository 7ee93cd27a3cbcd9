import type { Batch, BatchResult } from '@otn/bus'
import type { TopicAlias } from '@otn/contracts'
import type { Actor } from './actor.ts'
import { type Kafka, type Place, partitionsOf } from './kafka.ts'
import type { Random } from './random.ts'
import type { Scheduler } from './scheduler.ts'
import type { Wire } from './wire.ts'

export interface Member {
  readonly actor: Actor
  readonly onBatch: (batch: Batch) => Promise<BatchResult>
  /** Where it would begin; null = where the group committed last. */
  readonly startAt: (place: Place) => bigint | null
  /** A batch ended by an error that no retry can help: the process ends. */
  readonly onCrash: (error: unknown) => void
}

/** A partition in the hands of a member, until it is told otherwise. */
interface Lease {
  readonly member: Member
  isOver: boolean
}

interface GroupParts {
  readonly kafka: Kafka
  readonly scheduler: Scheduler
  readonly wire: Wire
  readonly random: Random
}

/** A consumer group: each partition has one reader, but for one that does not know it lost it. */
export class Group {
  readonly #parts: GroupParts
  readonly #places: readonly Place[]
  readonly #members: Member[] = []
  readonly #leases = new Map<Place, Lease>()
  readonly #committed = new Map<Place, number>()

  constructor(parts: GroupParts, topics: readonly TopicAlias[]) {
    this.#parts = parts
    this.#places = topics.flatMap((topic) =>
      partitionsOf(topic).map((partition) => ({ topic, partition })),
    )
  }

  join(member: Member): void {
    this.#members.push(member)
    this.rebalance()
  }

  /** Who died or was silent for too long leaves; the others share what it had. */
  rebalance(): void {
    const { random } = this.#parts
    const living = this.#members.filter(({ actor }) => actor.isAlive)
    this.#members.splice(0, this.#members.length, ...living)
    const [first, ...others] = living.filter(({ actor }) => !actor.isFrozen)
    if (!first) return
    for (const place of this.#places) {
      const lease = this.#leases.get(place)
      const next = random.pick([first, ...others])
      if (lease?.member === next && !lease.isOver) continue
      if (lease) this.#revoke(lease)
      this.#give(place, next)
    }
  }

  #revoke(lease: Lease): void {
    const { random, scheduler } = this.#parts
    const end = () => {
      lease.isOver = true
    }
    // It is told at its next heartbeat, and works on until then.
    if (random.chance(0.5)) end()
    else scheduler.later(random.below(60), end)
  }

  #give(place: Place, member: Member): void {
    const lease = { member, isOver: false }
    this.#leases.set(place, lease)
    void this.#read(place, lease).catch((error) => {
      if (member.actor.isAlive) member.onCrash(error)
    })
  }

  async #read(place: Place, lease: Lease): Promise<void> {
    const { kafka, wire, random } = this.#parts
    const { actor, startAt, onBatch } = lease.member
    const known = startAt(place)
    let next = known === null ? (this.#committed.get(place) ?? 0) : Number(known)
    while (!lease.isOver) {
      await kafka.arrival(actor, place, next)
      if (lease.isOver) return
      const log = kafka.log(place)
      const records = log.slice(next, next + 1 + random.below(log.length - next))
      const result = await onBatch({
        ...place,
        records,
        highWatermark: BigInt(log.length),
        heartbeat: async () => {},
        isStale: () => lease.isOver,
      })
      if (result.kind === 'retry') {
        next = Number(result.from)
        await wire.sleep(actor, result.afterMs)
      } else if (result.kind === 'seek') next = Number(result.offset)
      else next += records.length
      if (result.kind !== 'done' || lease.isOver) continue
      // A commit is a hint, and may be lost.
      if (random.chance(0.8)) this.#committed.set(place, next)
    }
  }
}
