import type { PageEvent } from '@otn/contracts'
import type { Actor } from './actor.ts'
import { onlyKilled } from './ticker.ts'
import type { Universe } from './universe.ts'

const PLACE = { topic: 'page', partition: 0 } as const

export interface FollowedPages {
  /** Next offset to be handed over. */
  next: number
}

/** Hands over every page event; resolves at the end of the log as it was at the start. */
export async function followPages(
  { kafka, bytes, wire }: Universe,
  actor: Actor,
  { onEvent, followed }: { onEvent: (event: PageEvent) => void; followed: FollowedPages },
): Promise<void> {
  const log = kafka.log(PLACE)
  const handOver = (until: number) => {
    for (; followed.next < until; followed.next += 1) {
      const decoded = bytes.codec.decode('PageEvent', log[followed.next]?.value ?? null)
      if (decoded.kind === 'known') onEvent(decoded.value)
    }
  }
  const goOn = async () => {
    for (;;) {
      await kafka.arrival(actor, PLACE, followed.next)
      await wire.sleep(actor, 1)
      handOver(log.length)
    }
  }
  await wire.sleep(actor, 1)
  handOver(log.length)
  void goOn().catch(onlyKilled)
}
