import { commandId } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import {
  createCampaignWorld,
  KEY,
  type Person,
  personOf,
  steering,
} from '../../test/support/campaign-world.ts'
import { NOW } from '../../test/support/command-facts.ts'
import { campaignState } from '../domain/campaign.ts'

type World = ReturnType<typeof createCampaignWorld>

const stateIn = ({ documents }: World) => {
  const document = documents.get(KEY)
  return document ? campaignState(document.campaign) : 'none'
}
const called = ({ state }: World) => state.calls.map(({ content }) => content.psid)
const psids = (people: readonly Person[]) => people.map(({ psid }) => psid)

/** Ticks and runs until the campaign has ended, or nothing moves any more. */
async function untilRest(world: World, rounds = 60): Promise<void> {
  for (let round = 0; round < rounds && stateIn(world) !== 'completed'; round += 1) {
    await world.tick()
    await world.run()
  }
}

describe('[U12] a campaign', () => {
  test('reaches everybody who holds a live token once, whatever they hold, and tells its counts', async () => {
    const people = Array.from({ length: 17 }, (_, index) => personOf(index, 1 + (index % 3)))
    const world = createCampaignWorld(people)
    await world.steer(steering('StartCampaign'))
    await untilRest(world)
    expect(called(world).toSorted()).toEqual(psids(people).toSorted())
    const told = world.campaignEvents()
    expect(told.map(({ type, sequence }) => `${sequence} ${type}`)).toEqual([
      '1 CampaignStarted',
      '2 CampaignCompleted',
    ])
    const counts = { audience: 17, recorded: 17, sent: 17, failed: 0, inDoubt: 0, cancelled: 0 }
    expect(told[1]).toMatchObject({ ...counts, topic: 'restock-1234', requestedBy: 'shop' })
    expect(world.notifications().every(({ campaignId }) => campaignId === 'spring')).toBe(true)
  })

  test('records no more at a time than its window holds, and hands nobody to a lane', async () => {
    const world = createCampaignWorld(Array.from({ length: 12 }, (_, index) => personOf(index)))
    await world.steer(steering('StartCampaign'))
    for (let tick = 0; tick < 10; tick += 1) await world.tick()
    expect(world.members()).toHaveLength(3)
    expect(world.state.offered).toEqual([])
    await world.run()
    await world.tick()
    expect(world.members()).toHaveLength(6)
  })

  test('paused, holds whoever was not called, and goes on where it was', async () => {
    const people = Array.from({ length: 9 }, (_, index) => personOf(index))
    const world = createCampaignWorld(people)
    await world.steer(steering('StartCampaign'))
    await world.tick()
    await world.run(1)
    await world.steer(steering('PauseCampaign'))
    for (let round = 0; round < 5; round += 1) {
      await world.tick()
      await world.run()
    }
    expect([stateIn(world), called(world).length]).toEqual(['paused', 1])
    expect(world.members().filter(({ command }) => command.attempts.length > 0)).toHaveLength(1)
    expect(world.campaignEvents().at(-1)).toMatchObject({ recorded: 3, sent: 1, audience: null })
    await world.steer(steering('ResumeCampaign'))
    await untilRest(world)
    expect(called(world).toSorted()).toEqual(psids(people).toSorted())
  })

  test('paused right before a call, makes none, and the token is free again', async () => {
    const world = createCampaignWorld([personOf(0)])
    await world.steer(steering('StartCampaign'))
    await world.tick()
    // Told while the call waits for its turn.
    world.state.gate = () => {
      world.haltAs('paused')
      return 'open'
    }
    await world.run()
    expect([called(world), world.state.stops]).toEqual([[], []])
    expect(world.notifications().at(-1)).toMatchObject({
      ...{ type: 'NotificationScheduled', reason: 'campaign-paused', tokenReleased: true },
    })
  })

  test('stopped, cancels whoever was not called, records nobody else, and tells the end', async () => {
    const world = createCampaignWorld(Array.from({ length: 9 }, (_, index) => personOf(index)))
    await world.steer(steering('StartCampaign'))
    await world.tick()
    await world.run(1)
    await world.steer(steering('StopCampaign'))
    await untilRest(world)
    expect(called(world)).toHaveLength(1)
    expect(world.members()).toHaveLength(3)
    const cancelled = world.notifications().filter(({ type }) => type === 'NotificationCancelled')
    expect(cancelled.map(({ reason }) => reason)).toEqual(Array(2).fill('campaign-stopped'))
    expect(world.campaignEvents().at(-1)).toMatchObject({
      ...{ type: 'CampaignCompleted', reason: 'campaign-stopped' },
      ...{ recorded: 3, sent: 1, cancelled: 2 },
    })
  })

  test('stopped, is not called on either by whoever found it due before', async () => {
    const world = createCampaignWorld([personOf(0)])
    await world.steer(steering('StartCampaign'))
    await world.tick()
    await world.steer(steering('StopCampaign'))
    await world.run()
    expect(called(world)).toEqual([])
    expect(world.notifications().at(-1)).toMatchObject({ reason: 'campaign-stopped' })
  })

  test('does not reach who agreed after it started, also while it runs', async () => {
    const late = personOf(8, 1, NOW + 1)
    const world = createCampaignWorld([personOf(0), personOf(1)])
    await world.steer(steering('StartCampaign'))
    world.world.people.push(late)
    world.state.nowMs = NOW + 2
    await untilRest(world)
    expect([called(world).length, called(world).includes(late.psid)]).toEqual([2, false])
  })

  test('finds in a later walk whose token was held by others in the first', async () => {
    const people = [personOf(0), personOf(1)]
    const world = createCampaignWorld(people)
    world.world.hidden = new Set(people[1]?.tokens)
    await world.steer(steering('StartCampaign'))
    await world.tick()
    await world.run()
    world.world.hidden.clear()
    await untilRest(world)
    expect(called(world).toSorted()).toEqual(psids(people).toSorted())
  })

  test('walks nobody before the ledger has read what was granted', async () => {
    const world = createCampaignWorld([personOf(0)])
    world.world.isRead = false
    await world.steer(steering('StartCampaign'))
    await untilRest(world, 5)
    expect(world.members()).toEqual([])
    world.world.isRead = true
    await untilRest(world)
    expect(called(world)).toHaveLength(1)
  })

  test('of which nobody holds a token ends at once', async () => {
    const world = createCampaignWorld([])
    await world.steer(steering('StartCampaign'))
    await untilRest(world)
    expect(world.campaignEvents().at(-1)).toMatchObject({ type: 'CampaignCompleted', audience: 0 })
  })

  test('in doubt about somebody waits as long as that may be settled, then says so', async () => {
    const world = createCampaignWorld([personOf(0)])
    world.state.outcome = { ...world.state.outcome, kind: 'unlisted' } as typeof world.state.outcome
    await world.steer(steering('StartCampaign'))
    await untilRest(world)
    expect(world.campaignEvents().at(-1)).toMatchObject({ inDoubt: 1, sent: 0, recorded: 1 })
  })

  test('of an emptied store goes on from the log: nobody twice, nobody missed', async () => {
    const people = Array.from({ length: 9 }, (_, index) => personOf(index))
    const world = createCampaignWorld(people)
    await world.steer(steering('StartCampaign'))
    await world.tick()
    await world.run(2)
    await world.rebuild()
    expect(stateIn(world)).toBe('running')
    await untilRest(world)
    expect(called(world).toSorted()).toEqual(psids(people).toSorted())
    const again = commandId('again')
    await world.steer(steering('StartCampaign', { commandId: again }))
    expect(world.campaignEvents()).toHaveLength(2)
  })
})
