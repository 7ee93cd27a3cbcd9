/** Acts of people and events of pages, made whole and told. */
import type { Decision } from '@otn/kernel'
import type { z } from 'zod'

import type { Fact } from '../domain/facts.ts'
import type { PageEvent } from '../domain/page-event.ts'
import {
  actInThread,
  changeThread,
  happenOnPage,
  type PeopleRefusal,
  type ThreadAct,
} from '../domain/people.ts'
import type { PersonAct } from '../domain/person-act.ts'
import type { Simulation } from '../simulation.ts'
import type { Delivered } from '../webhooks/parcel.ts'
import type { actSchema, pageEventSchema } from './act-requests.ts'
import { createDeliveryWait } from './delivery-wait.ts'
import { refused } from './refused.ts'

export interface Acted {
  /** The id of what was written or pressed; null for acts without one. */
  readonly mid: string | null
  readonly delivered: Delivered | null
}

/** A person does something. */
export async function act(
  { act: given, waitMs, ...input }: z.output<typeof actSchema>,
  simulation: Simulation,
): Promise<Acted> {
  const complete = completeAct(given, simulation)
  const scene = simulation.scene()
  if (isThreadAct(complete)) {
    const { pageId, psid } = input
    const reason = simulation.settle(changeThread({ pageId, psid, act: complete.kind }, scene))
    if (reason !== null) throw refused(reason)
    return { mid: null, delivered: null }
  }
  const decision = actInThread({ ...input, act: complete }, scene)
  const delivered = await told({ decision, waitMs }, simulation)
  return { mid: 'mid' in complete ? complete.mid : null, delivered }
}

/** Something happens to a page or a thread without the person. */
export async function happen(
  { event: given, psid, waitMs, ...input }: z.output<typeof pageEventSchema>,
  simulation: Simulation,
): Promise<Acted> {
  const event: PageEvent =
    given.kind === 'echo' ? { ...given, mid: simulation.ids.messageId() } : given
  const decision = happenOnPage({ ...input, psid: psid ?? null, event }, simulation.scene())
  const delivered = await told({ decision, waitMs }, simulation)
  return { mid: event.kind === 'echo' ? event.mid : null, delivered }
}

interface Telling {
  readonly decision: Decision<Fact, PeopleRefusal>
  readonly waitMs: number
}

async function told({ decision, waitMs }: Telling, simulation: Simulation) {
  const delivery = createDeliveryWait()
  const reason = simulation.settle(decision, delivery.onDelivered)
  if (reason !== null) throw refused(reason)
  return waitMs === 0 ? null : delivery.wait(waitMs)
}

type ThreadChange = { readonly kind: ThreadAct }

const THREAD_ACTS: ReadonlySet<string> = new Set<ThreadAct>([
  'block',
  'unblock',
  'stop',
  'resume',
  'delete-chat',
])

function isThreadAct(act: PersonAct | ThreadChange): act is ThreadChange {
  return THREAD_ACTS.has(act.kind)
}

/** Draws the id and the time that an act leaves out. */
function completeAct(
  given: z.output<typeof actSchema>['act'],
  { ids, clock }: Simulation,
): PersonAct | ThreadChange {
  switch (given.kind) {
    case 'message':
    case 'postback':
      return { ...given, mid: ids.messageId() }
    case 'read':
    case 'delivery':
      return { ...given, watermarkMs: given.watermarkMs ?? clock.nowMs() }
    default:
      return given
  }
}
