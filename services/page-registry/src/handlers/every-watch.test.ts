import { type PageId, pageId, Secret } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { MASTER_KEY } from '../../test/identity.ts'
import { createWorld, OTHER_KEY, type World } from '../../test/world.ts'
import { connectPage } from '../onboarding/connect-page.ts'
import { disconnectPage } from '../onboarding/leave-page.ts'
import { everyWatch } from './every-watch.ts'

const ONE = pageId('1000')
const TWO = pageId('2000')

async function connect(world: World, page: PageId): Promise<void> {
  const wish = { pageId: page, userToken: new Secret('login'), graphVersion: null }
  const more = { isTestUser: true, beside: [], requestedBy: 'test' }
  const { isGreen } = await connectPage({ ...wish, ...more }, world.parts)
  expect(isGreen).toBe(true)
}

async function disconnect(world: World, page: PageId): Promise<void> {
  const stored = await world.parts.pages.read(page)
  await disconnectPage(
    stored,
    { requestedBy: 'test', isForced: true, removesApp: false },
    world.parts,
  )
}

/** Two pages that were seen well, and a watch whose rounds are always due. */
async function watched(before: (world: World) => void = () => {}) {
  const world = createWorld()
  const told: string[] = []
  /** How often the lease is ours still. */
  const lease = { holds: Number.POSITIVE_INFINITY }
  await connect(world, ONE)
  before(world)
  await connect(world, TWO)
  const round = async () => {
    world.nowMs += 1_000
    world.calls.length = 0
    await everyWatch({
      ...{ ...world.parts, watchMs: 1 },
      lease: {
        hold: async () => lease.holds-- > 0,
        lastRoundAt: async () => null,
        beginRound: async () => {},
        release: async () => {},
      },
      tell: {
        watched: () => {},
        notMended: () => {},
        watchFailed: () => told.push('watch failed'),
        pageNotWatched: (page) => told.push(`not watched ${page}`),
        alarmsOwed: (page) => told.push(`owed ${page}`),
        tokenUnreadable: (page) => told.push(`unreadable ${page}`),
      },
    })()
  }
  return { world, told, lease, round }
}

const follows = ({ calls }: World) => calls.filter((call) => call.startsWith('follow '))
const alarms = ({ alarms: told }: World) => told.map(({ type, pageId: page }) => `${type} ${page}`)

describe('the watch', () => {
  test('[S1-43] of other pages goes on where the token of one does not open', async () => {
    const { world, told, round } = await watched((one) => {
      one.masterKey = `${OTHER_KEY},${MASTER_KEY}`
    })
    world.masterKey = OTHER_KEY
    world.followers.clear()
    await round()
    expect(told).toContain(`unreadable ${ONE}`)
    expect(follows(world)).toEqual([`follow ${TWO}`])
    expect(world.watches.get(ONE)).toMatchObject({
      isFollowed: null,
      fault: expect.stringContaining('opens'),
    })
  })

  test('[S1-43] of other pages goes on where one fails', async () => {
    const { world, told, round } = await watched()
    world.followers.clear()
    world.onCall = (call) => {
      if (call === `followers ${ONE}`) throw new Error('a bug')
    }
    await round()
    expect(told).toContain(`not watched ${ONE}`)
    expect(follows(world)).toEqual([`follow ${TWO}`])
  })

  test('[S1-43] mends while the log takes no alarm, and tells alarm and gap later', async () => {
    const { world, told, round } = await watched()
    world.followers.set(TWO, [])
    world.refusal = { code: 'OTN_BUS_NOT_ACKNOWLEDGED', mayHold: true }
    await round()
    expect(follows(world)).toEqual([`follow ${TWO}`])
    expect(told).toEqual([`owed ${TWO}`, `owed ${TWO}`])
    world.refusal = null
    await round()
    await round()
    const types = ['AlarmRaised', 'AlarmCleared', 'GapReported']
    expect(alarms(world)).toEqual(types.map((type) => `${type} ${TWO}`))
  })

  test('[S1-43] follows no page while the address does not verify, and ends no gap', async () => {
    const { world, round } = await watched()
    world.followers.set(TWO, [])
    world.refusesSubscription = true
    await round()
    await round()
    expect(follows(world)).toEqual([])
    expect(alarms(world)).toEqual([`AlarmRaised ${TWO}`])
    world.refusesSubscription = false
    await round()
    expect(follows(world)).toEqual([`follow ${TWO}`])
    const types = ['AlarmRaised', 'AlarmCleared', 'GapReported']
    expect(alarms(world)).toEqual(types.map((type) => `${type} ${TWO}`))
  })

  test.each([
    ['before the app', 3],
    ['before the pages', 4],
  ])('[S1-43] mends nothing once another registry has the lease, %s', async (_when, holds) => {
    const { world, lease, round } = await watched()
    world.followers.clear()
    lease.holds = holds
    await round()
    expect(follows(world)).toEqual([])
    expect(alarms(world)).toEqual([`AlarmRaised ${ONE}`, `AlarmRaised ${TWO}`])
  })

  test('[S1-43] was last well when the platform was asked, not when it answered', async () => {
    const { world, round } = await watched()
    await round()
    const asked = world.nowMs + 1_000
    world.onCall = () => {
      world.nowMs += 10
    }
    await round()
    expect(world.watches.get(ONE)).toMatchObject({ lastGoodAt: asked })
    expect(world.watches.get(ONE)?.checkedAt).toBeGreaterThan(asked)
  })

  test('[S1-43] neither looks at nor follows a page that was left meanwhile', async () => {
    const { world, round } = await watched()
    world.followers.set(ONE, [])
    world.onCall = async (call) => {
      if (call !== `followers ${TWO}`) return
      world.onCall = () => {}
      await disconnect(world, ONE)
    }
    await round()
    expect(follows(world)).toEqual([])
    expect(world.watches.get(ONE)).toMatchObject({ checkedAt: null, alarms: [] })
  })

  test('[S1-43] does not overwrite what a connection noted while it looked', async () => {
    const { world, round } = await watched()
    world.followers.set(ONE, [])
    world.onCall = async (call) => {
      if (call !== `followers ${ONE}`) return
      world.onCall = () => {}
      // The page is mended by hand while the platform's answer is on its way.
      await connect(world, ONE)
    }
    await round()
    await round()
    expect(world.watches.get(ONE)).toMatchObject({ isFollowed: true, alarms: [] })
    const told = alarms(world)
    expect(told.filter((one) => one === `AlarmRaised ${ONE}`)).toHaveLength(1)
    expect(told.filter((one) => one === `GapReported ${ONE}`)).toHaveLength(1)
  })

  test('[S1-43] takes no page back from another app, and goes on telling of it', async () => {
    const { world, round } = await watched()
    await round()
    world.followers.set(ONE, [{ appId: '4711', fields: ['messages'] }])
    await round()
    await round()
    expect(follows(world)).toEqual([])
    expect(alarms(world)).toEqual([`AlarmRaised ${ONE}`])
  })
})
