/** Everything behind the door, in the order of its start: engines, pages, claims, work. */
import type { Following } from '@otn/bus'
import { kafkaTopics, type TopicAlias } from '@otn/contracts'
import type { PageId } from '@otn/kernel'
import { brakesIn } from '../adapters/brakes-mongodb.ts'
import { campaignsIn } from '../adapters/campaigns-mongodb.ts'
import type { Database } from '../adapters/database.ts'
import { followPages, pagesRead } from '../adapters/follow-pages.ts'
import { createPages } from '../adapters/pages-memory.ts'
import { createParking } from '../adapters/parking-kafka.ts'
import { stoodStill } from '../adapters/stood-still-mongodb.ts'
import { withdrawalsIn } from '../adapters/withdrawals-mongodb.ts'
import type { DispatcherValues } from '../config.ts'
import { ofRequestEvent } from '../domain/command-fact.ts'
import { onCampaignEvent } from '../handlers/on-campaign-event.ts'
import { onNotificationEvent } from '../handlers/on-notification-event.ts'
import { onPageEvent } from '../handlers/on-page-event.ts'
import { onReceiptEvent } from '../handlers/on-receipt-event.ts'
import { onTokenEvent } from '../handlers/on-token-event.ts'
import type { Parking, Read, Unusable } from '../inbox-ports.ts'
import { openClaims, type StreamHandlers } from './open-claims.ts'
import { openEngines } from './open-engines.ts'
import { claimPorts, type OuterPorts, openOuterPorts } from './open-ports.ts'
import { openWork, type Work } from './open-work.ts'
import { GROUP, type Inside, type Opening } from './opening.ts'

const CLOSE_MS = 3_000
/** Who folds takes no lease. */
const FOLDS_ALONE = { leaseMs: 0, worker: 'nobody' } as const

/** Opens what `startDispatcher` needs. @throws as `startDispatcher` */
export async function openInside(values: DispatcherValues, opening: Opening): Promise<Inside> {
  const fail = onlyOnce(opening.fail)
  const engines = await openEngines(values, opening)
  const nameOf = (topic: TopicAlias) => `${values.topicPrefix ?? ''}${kafkaTopics[topic].name}`
  const outer = openOuterPorts(values, { ...opening, engines })
  const state: { following: Following | null; work: Work | null } = { following: null, work: null }
  const close = async () => {
    await state.work?.close()
    await state.following?.close(CLOSE_MS)
    await outer.client.destroy()
    await engines.close()
  }
  try {
    const { bus, codec } = engines
    const pages = createPages(pagesRead(bus, () => state.following))
    const lanes = { resume: (page: PageId) => state.work?.resume(page) }
    const onEvent = onPageEvent({ ...opening, pages, lanes })
    const unusable = ({ source, why }: Unusable) =>
      opening.tell.pageEventUnusable(`page event at offset ${source.offset}: ${why.detail}`)
    state.following = await followPages({ bus, codec, onPageEvent: onEvent, unusable, fail })
    const appender = bus.appender({ name: 'parked' })
    const parking = createParking({ ...opening, appender, codec, nameOf, groupId: GROUP })
    const handlersFor = streamHandlers(values, { ...opening, outer, parking })
    const claims = await openClaims({ ...opening, engines, nameOf, handlersFor })
    const handlers = handlersFor(claims.database)
    const stood = await stoodStill(claims.database.commands)
    const opened = { engines, outer, pages, parking, claims, handlers, stood }
    const parts = { ...opening, ...opened, fail, nameOf }
    state.work = openWork(values, parts)
    return { ...state.work, close }
  } catch (error) {
    await close()
    throw error
  }
}

interface StreamParts extends Opening {
  readonly outer: OuterPorts
  readonly parking: Parking
}

/** What our own streams do to the claims, at the start and for good. */
function streamHandlers(
  values: DispatcherValues,
  parts: StreamParts,
): (database: Database) => StreamHandlers {
  const { outer, parking, tell, clock, seams } = parts
  const calls = { leaseMs: values.leaseMs, settleMs: values.settleMs }
  return (database) => {
    const claims = claimPorts(database, { ...outer, seam: seams.ownStreamCommands, gate: null })
    const ports = { ...claims, ...outer, tell, clock, calls }
    const fold = onNotificationEvent(ports)
    const settle = onReceiptEvent(ports)
    const campaigns = campaignsIn(database.campaigns, FOLDS_ALONE)
    const foldCampaigns = onCampaignEvent({ campaigns, brakes: brakesIn(database.state) })
    const withdraw = onTokenEvent({ withdrawals: withdrawalsIn(database.state) })
    const usable = async <T>(reads: readonly Read<T>[]): Promise<readonly T[]> => {
      const broken = reads.filter((read) => read.kind === 'unusable')
      if (broken.length > 0) await parking.park(broken)
      for (const { why } of broken) tell.parked(why.reason)
      return reads.flatMap((read) => (read.kind === 'known' ? [read.value] : []))
    }
    return {
      notification: async (reads) => fold(await usable(reads)),
      optInRequestEvent: async (reads) => fold((await usable(reads)).map(ofRequestEvent)),
      campaignEvent: async (reads) => foldCampaigns(await usable(reads)),
      receipt: async (reads) => {
        await Promise.all((await usable(reads)).map(settle))
      },
      token: async (reads) => withdraw(await usable(reads)),
    }
  }
}

/** The first error ends the process; what follows from it says nothing new. */
function onlyOnce(fail: (error: Error) => void): (error: Error) => void {
  let hasFailed = false
  return (error) => {
    if (hasFailed) return
    hasFailed = true
    fail(error)
  }
}
