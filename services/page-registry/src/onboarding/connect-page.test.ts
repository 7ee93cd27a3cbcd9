import { pageId, Secret } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { MASTER_KEY } from '../../test/identity.ts'
import { createWorld, OTHER_KEY, type World } from '../../test/world.ts'
import { connectPage } from './connect-page.ts'
import { disconnectPage } from './leave-page.ts'
import { restorePage } from './restore-page.ts'

const PAGE = pageId('1000')

const connect = (world: World) =>
  connectPage(
    {
      ...{ pageId: PAGE, userToken: new Secret('login'), graphVersion: null },
      ...{ isTestUser: true, beside: [], requestedBy: 'test' },
    },
    world.parts,
  )
const isFollowed = ({ followers }: World) => (followers.get(PAGE) ?? []).length > 0
const notNow = (mayHold: boolean) => ({ code: 'OTN_BUS_NOT_ACKNOWLEDGED', mayHold }) as const

describe('a connection that the log refuses', () => {
  test('leaves no page followed that the log surely does not know', async () => {
    const world = createWorld()
    world.refusal = notNow(false)
    const { steps } = await connect(world)
    expect(steps.at(-1)).toMatchObject({ step: 'connected', outcome: 'failed' })
    expect(isFollowed(world)).toBe(false)
  })

  test('leaves the page followed where the log may hold it, and is asked for again', async () => {
    const world = createWorld()
    world.refusal = notNow(true)
    const { steps } = await connect(world)
    expect(steps.at(-1)).toMatchObject({ outcome: 'failed', next: expect.stringMatching(/again/) })
    expect(isFollowed(world)).toBe(true)
    world.refusal = null
    expect(await connect(world)).toMatchObject({ isGreen: true })
  })

  test('unfollows no page that the log says connected', async () => {
    const world = createWorld()
    await connect(world)
    world.followers.clear()
    world.masterKey = `${OTHER_KEY},${MASTER_KEY}`
    world.refusal = notNow(false)
    expect(await connect(world)).toMatchObject({ isGreen: false })
    expect(isFollowed(world)).toBe(true)
  })
})

test('a connection that the log took stands, whatever fails after it', async () => {
  const world = createWorld()
  world.isStoreAway = true
  expect(await connect(world)).toMatchObject({ isGreen: true })
  expect(world.facts).toHaveLength(1)
  expect(isFollowed(world)).toBe(true)
})

describe('what broke before the watch looked', () => {
  const ALL = ['AlarmRaised', 'AlarmCleared', 'GapReported'].map((type) => `${type} ${PAGE}`)
  const types = ({ alarms }: World) => alarms.map(({ type, pageId: page }) => `${type} ${page}`)
  const leave = async (world: World) => {
    const wish = { requestedBy: 'test', isForced: false, removesApp: false }
    await disconnectPage(await world.parts.pages.read(PAGE), wish, world.parts)
  }

  test('[S1-43] is an alarm although a connection mends it', async () => {
    const world = createWorld()
    await connect(world)
    world.followers.set(PAGE, [])
    world.nowMs += 1_000
    expect(await connect(world)).toMatchObject({ isGreen: true })
    expect(types(world)).toEqual(ALL)
    expect(world.watches.get(PAGE)).toMatchObject({ alarms: [], gaps: [{}] })
  })

  test('[S1-43] is an alarm although it is followed again by hand', async () => {
    const world = createWorld()
    await connect(world)
    world.followers.set(PAGE, [])
    await restorePage(await world.parts.pages.read(PAGE), { beside: [] }, world.parts)
    expect(types(world)).toEqual(ALL)
  })

  test('[S1-43] is told with its gap where the page is left', async () => {
    const world = createWorld()
    await connect(world)
    world.followers.set(PAGE, [])
    world.nowMs += 1_000
    await leave(world)
    expect(types(world)).toEqual(ALL)
    expect(world.watches.get(PAGE)).toMatchObject({ alarms: [], owed: [], lastGoodAt: null })
    expect(world.watches.get(PAGE)?.gaps).toHaveLength(1)
  })

  test('[S1-43] is an alarm of every page where another one mends the app', async () => {
    const world = createWorld()
    await connect(world)
    world.subscription.isActive = false
    const other = { pageId: pageId('2000'), userToken: new Secret('login'), graphVersion: null }
    const more = { isTestUser: true, beside: [], requestedBy: 'test' }
    await connectPage({ ...other, ...more }, world.parts)
    expect(types(world)).toEqual([`AlarmRaised ${PAGE}`])
  })
})

describe('another master key', () => {
  test('in front seals the same page token anew at the next connection, once', async () => {
    const world = createWorld()
    await connect(world)
    world.masterKey = `${OTHER_KEY},${MASTER_KEY}`
    await connect(world)
    await connect(world)
    expect(world.facts).toMatchObject([{ keyId: 'key-1' }, { keyId: 'key-2' }])
  })

  test('in place of the old one lets a page be connected anew and be left', async () => {
    const world = createWorld()
    await connect(world)
    world.masterKey = OTHER_KEY
    const wish = { requestedBy: 'test', isForced: false, removesApp: false }
    const [stored] = await world.parts.pages.all()
    if (stored === undefined) throw new Error('it was connected')
    expect(await disconnectPage(stored, wish, world.parts)).toMatchObject({ isGreen: true })
    expect(await connect(world)).toMatchObject({ isGreen: true })
    const types = ['PageConnected', 'PageDisconnected', 'PageConnected']
    expect(world.facts.map(({ type }) => type)).toEqual(types)
  })

  test('in place of the old one gives a page that stays connected its token again', async () => {
    const world = createWorld()
    await connect(world)
    world.masterKey = OTHER_KEY
    expect(await connect(world)).toMatchObject({ isGreen: true })
    expect(world.facts).toMatchObject([{ keyId: 'key-1' }, { keyId: 'key-2' }])
  })
})
