/** A product service that publishes its commands, again and again until they are acknowledged. */
import type { OutRecord } from '@otn/bus'
import { kafkaTopics } from '@otn/contracts'
import { commandId, isAppError } from '@otn/kernel'
import type { Actor } from './actor.ts'
import { isRequest } from './judge-parts.ts'
import { onlyKilled } from './ticker.ts'
import type { Universe } from './universe.ts'
import type { Workload } from './workload.ts'

const AGAIN_MS = 1_000

export class Product {
  /** Commands that are not acknowledged yet. */
  open = 0
  readonly #universe: Universe
  readonly #actor: Actor

  constructor(universe: Universe, actor: Actor) {
    this.#universe = universe
    this.#actor = actor
  }

  start({ commands, requests, cancels, poison }: Workload): void {
    const { bytes } = this.#universe
    for (const id of cancels) this.#cancel(id, commands)
    const first = new Set<string>()
    for (const given of [...commands, ...requests]) {
      const isFirst = !first.has(given.commandId)
      first.add(given.commandId)
      const topic = isRequest(given) ? 'optInRequest' : 'notify'
      const value = bytes.codec.encode(kafkaTopics[topic].record, given)
      this.open += 1
      const said = { commandId: given.commandId, isFirst }
      void this.#publish({ topic, value }, said).catch(onlyKilled)
    }
    const broken = Array.from({ length: poison }, () => Buffer.from('poison'))
    this.open += poison
    for (let count = 0; count < poison; count += 1) this.#universe.faults.strike('poison')
    for (const value of broken)
      void this.#publish({ topic: 'notify', value }, null).catch(onlyKilled)
  }

  #cancel(id: string, commands: Workload['commands']): void {
    const pageId = commands.find((command) => command.commandId === id)?.pageId
    if (!pageId) return
    const { bytes, random } = this.#universe
    const given = { commandId: commandId(`x-${id}`), pageId, cancels: commandId(id) }
    const value = bytes.codec.encode('CancelNotification', { ...given, requestedBy: 'shop' })
    const said = { commandId: given.commandId, isFirst: random.chance(0.4) }
    this.open += 1
    void this.#publish({ topic: 'cancel', value }, said).catch(onlyKilled)
  }

  async #publish(
    { topic, value }: Pick<OutRecord, 'topic' | 'value'>,
    said: { readonly commandId: string; readonly isFirst: boolean } | null,
  ): Promise<void> {
    const { wire, kafka, random, judge } = this.#universe
    const actor = this.#actor
    const key = said?.commandId ?? 'poison'
    const record = { topic, key, value, headers: {} }
    // Who reuses an id does so later: the first command of an id is the command of that id.
    await wire.sleep(actor, (said?.isFirst ?? true) ? random.below(60) : 200 + random.below(9_000))
    for (;;) {
      try {
        await kafka.append(actor, [record], { about: topic })
        if (said) judge.accept(said.commandId)
        this.open -= 1
        return
      } catch (error) {
        if (!isAppError(error)) throw error
        await wire.sleep(actor, AGAIN_MS)
      }
    }
  }
}
