/** An hour without a 200: Meta unsubscribes, which is noticed, mended and told of. No spool here. */
import { MINUTE_MS } from '@otn/kernel'
import { type ProxiedKafka, startProxiedKafka, waitFor } from '@otn/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPagesScene, type PagesScene, type Registry, WATCH_MS } from '../src/pages-scene.ts'

/** The platform unsubscribes at the first repeat after an hour. */
const OUTAGE_MINUTES = 70
const limits = { timeoutMs: 60_000 }

let kafka: ProxiedKafka
let scene: PagesScene
let registry: Registry
let page: string

beforeAll(async () => {
  kafka = await startProxiedKafka()
  // The ingress alone comes by the proxy: the registry must be able to tell what it sees.
  scene = await openPagesScene({
    kafkaBrokers: kafka.kafka.kafkaBrokers,
    ingress: { KAFKA_BROKERS: kafka.kafkaBrokers.join(','), INGRESS_DEADLINE_MS: '300' },
  })
  registry = await scene.startRegistry()
  page = scene.meta.pages[0]?.pageId ?? ''
  const login = { userToken: scene.login() }
  expect(await registry.steps(`/v1/pages/${page}/connect`, login)).toMatchObject({ isGreen: true })
  // Connected long enough ago for a gap that reaches back to before the outage.
  await scene.meta.advance(3 * OUTAGE_MINUTES * MINUTE_MS)
})

afterAll(async () => {
  await scene?.[Symbol.asyncDispose]()
  await kafka?.stop()
})

const tap = async (waitMs: number) =>
  (await scene.meta.tap({ pageId: page, payload: 'restock-1', waitMs })).token
const card = async () => (await registry.get(`/v1/pages/${page}`)).body
const facts = async () => (await scene.facts('alarm')).filter((one) => one.pageId === page)
const told = async () => (await facts()).map(({ type, alarm }) => `${type} ${alarm}`)

/** As many minutes, one by one; whatever is due in each is posted and answered. */
async function pass(minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute += 1) {
    await scene.meta.advance(MINUTE_MS)
    await scene.meta.quiet()
  }
}

/** The page has been looked at since now. */
async function round(): Promise<void> {
  await scene.meta.advance(WATCH_MS)
  const at = scene.meta.nowMs()
  const isSeen = async () => Number((await card()).checkedAt) >= at
  await waitFor(isSeen, { ...limits, describe: 'a round of the watch' })
}

/** An hour in which nothing is answered 200, at whose end Meta has unsubscribed the page. */
async function outage(): Promise<number> {
  const beganAt = scene.meta.nowMs()
  await tap(0)
  await scene.meta.quiet()
  const before = scene.meta.webhook().alerts.length
  await pass(OUTAGE_MINUTES)
  const { alerts, lost } = scene.meta.webhook()
  expect(alerts.slice(before).map(({ kind }) => kind)).toContain('webhooks-disabled')
  expect(lost).toBeGreaterThan(0)
  return beganAt
}

/** The alarm, its end and the gap, which the card shows as well and the lost tap lies in. */
async function expectTold(before: readonly string[], lostAt: number): Promise<void> {
  const isTold = async () => (await told()).length >= before.length + 3
  await waitFor(isTold, { ...limits, describe: 'the gap to be told' })
  expect((await told()).slice(before.length)).toEqual([
    ...['AlarmRaised page-unfollowed', 'AlarmCleared page-unfollowed'],
    'GapReported webhooks-missed',
  ])
  const gapOnLog = (await facts()).findLast(({ type }) => type === 'GapReported')
  const { gaps, alarms } = await card()
  const [gap] = gaps as readonly { readonly from: number; readonly until: number }[]
  if (gap === undefined) throw new Error('the card shows no gap')
  expect(alarms).toEqual([])
  expect(gap.from).toBeLessThanOrEqual(lostAt)
  expect(gap.until).toBeLessThanOrEqual(scene.meta.nowMs())
  expect(gap.until - gap.from).toBeGreaterThanOrEqual(OUTAGE_MINUTES * MINUTE_MS)
  for (const instant of [gap.from, gap.until]) {
    expect(gapOnLog?.detail).toContain(new Date(instant).toISOString())
  }
  expect(gapOnLog?.detail).toMatch(/opt-ins of that time are lost for ever/)
}

const optIns = async () => (await scene.facts('optIn')).length

/** The producer may need a moment after an outage; a tap that was refused comes again. */
async function expectTapArrives(count: number): Promise<void> {
  await tap(0)
  const isThere = async () => {
    await pass(1)
    return (await optIns()) >= count
  }
  await waitFor(isThere, { ...limits, describe: 'the tap to reach the log' })
  expect(await optIns()).toBe(count)
}

test('[S1-43, S1-47] without the spool an hour without Kafka ends the subscription, which the watch makes good and tells', async () => {
  await tap(30_000)
  await round()
  const [before, taps] = [await told(), await optIns()]
  kafka.proxies[0]?.refuse()
  const lostAt = await outage()
  kafka.proxies[0]?.heal()
  await round()
  await expectTold(before, lostAt)
  // What was tapped meanwhile never comes.
  await expectTapArrives(taps + 1)
})

test('[S1-43] while nobody answers at the webhook address the page counts as broken, and the gap ends with the outage', async () => {
  await round()
  const [before, taps] = [await told(), await optIns()]
  await scene.stopIngress()
  const lostAt = await outage()
  await round()
  await round()
  expect((await told()).slice(before.length)).toEqual(['AlarmRaised page-unfollowed'])
  expect((await card()).isFollowed).toBe(false)
  const backAt = scene.meta.nowMs()
  await scene.startIngress()
  await round()
  await expectTold(before, lostAt)
  const { gaps } = await card()
  expect(gaps).toMatchObject([{ until: expect.any(Number) }, {}])
  expect(Number(Object(Object(gaps)[0]).until)).toBeGreaterThanOrEqual(backAt)
  await expectTapArrives(taps + 1)
})
