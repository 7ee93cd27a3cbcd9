import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import type { CampaignCommand } from '@otn/contracts'
import { readMetadata } from '@otn/graph-api'
import { commandId } from '@otn/kernel'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { GraphCall } from './support/fake-graph.ts'
import {
  type Granted,
  openScene,
  PAGE,
  PLANTED,
  type Scene,
  TOPIC,
  until,
} from './support/scene.ts'

const MAIN = join(import.meta.dirname, '../src/main.ts')
/** Lists of a few people each: a campaign of twenty takes several of them. */
const SMALL = {
  ...{ DISPATCHER_CAMPAIGN_WINDOW: '6', DISPATCHER_TICK_MS: '25' },
  ...{ DISPATCHER_SETTLE_MS: '300', DISPATCHER_SESSION_TIMEOUT_MS: '6000' },
  ...{ DISPATCHER_LEASE_MS: '2000', DISPATCHER_CALL_TIMEOUT_MS: '500' },
  ...{ DISPATCHER_START_TIMEOUT_MS: '300', DISPATCHER_APPEND_TIMEOUT_MS: '900' },
}

describe('[U12] a campaign on real engines', () => {
  let scene: Scene
  let made = 0
  beforeAll(async () => {
    scene = await openScene()
  })
  afterAll(() => scene[Symbol.asyncDispose]())

  /** People of a topic of their own; every third one holds two tokens. */
  async function audience(count: number): Promise<{ topic: string; granted: readonly Granted[] }> {
    made += 1
    const topic = `${TOPIC}-${made}`
    const granted: Granted[] = []
    for (let index = 0; index < count; index += 1) {
      const one = await scene.grant(undefined, { topic })
      if (index % 3 === 0) await scene.grant(one.psid, { topic })
      granted.push(one)
    }
    scene.clock.now += 1
    return { topic, granted }
  }
  const steer = (type: CampaignCommand['type'], campaignId: string, topic?: string) => {
    const id = commandId(`${type}-${campaignId}`)
    const named = { type, commandId: id, pageId: PAGE, campaignId, requestedBy: 'shop' }
    const content = topic === undefined ? {} : { topic, text: PLANTED.text }
    return scene.campaign({ ...named, ...content } as CampaignCommand)
  }
  const factOf = (campaignId: string, type: string) =>
    until(`${type} of ${campaignId}`, () =>
      scene.campaignFacts(campaignId).find((fact) => fact.type === type),
    )
  /** Calls per person, by the id of their command. */
  const callsOf = (campaignId: string) =>
    scene.graph.calls.filter((call) => commandOf(call).startsWith(`${campaignId}:`))

  test('is planned, started, paused, resumed and ends with each person once', async () => {
    const dispatcher = await scene.start(SMALL)
    const { topic, granted } = await audience(20)
    const start = { pageId: PAGE, campaignId: 'spring', topic, text: PLANTED.text }
    const headers = { 'idempotency-key': 'start-spring' }
    const plan = await dispatcher.post('/v1/campaigns?dryRun=true', start, headers)
    expect(plan.body).toMatchObject({ decision: 'start', persons: 20, seconds: 1 })
    expect(scene.campaignFacts('spring')).toEqual([])
    expect((await dispatcher.post('/v1/campaigns', start, headers)).status).toBe(202)
    await until('some calls', () => callsOf('spring').length >= 3)
    await steer('PauseCampaign', 'spring')
    await factOf('spring', 'CampaignPaused')
    const path = `/v1/pages/${PAGE}/campaigns/spring`
    await until('calls under way to end', async () => {
      const { body } = await dispatcher.get(path)
      return body.state === 'paused' && body.sent === callsOf('spring').length
    })
    const calls = callsOf('spring').length
    scene.clock.now += 1
    const late = await scene.grant(undefined, { topic })
    const other = await scene.notify({ psid: (await scene.grant()).psid as never })
    expect(await scene.ended(other.commandId)).toMatchObject({ type: 'NotificationSent' })
    expect(callsOf('spring')).toHaveLength(calls)
    await steer('ResumeCampaign', 'spring')
    const done = await factOf('spring', 'CampaignCompleted')
    expect(done).toMatchObject({ audience: 20, recorded: 20, sent: 20, failed: 0, inDoubt: 0 })
    expect(callsOf('spring')).toHaveLength(20)
    const people = new Set(scene.graph.delivered.map(({ token }) => token))
    expect(people.has(late.token)).toBe(false)
    expect((await dispatcher.get(path)).body).toMatchObject({ state: 'completed', waiting: 0 })
    const listed = await dispatcher.get(`/v1/pages/${PAGE}/campaigns`)
    expect(listed.body.items).toHaveLength(1)
    const everything = JSON.stringify(scene.campaignFacts('spring')) + dispatcher.logged()
    for (const { psid } of granted) expect(everything).not.toContain(psid)
    expect(everything).not.toContain(PLANTED.text)
    await dispatcher.close()
  })

  test('stopped, cancels whoever was not called, and says why', async () => {
    const dispatcher = await scene.start(SMALL)
    const { topic } = await audience(12)
    scene.graph.fate = () => 'accept'
    await steer('StartCampaign', 'stop-me', topic)
    await until('a call', () => callsOf('stop-me').length > 0)
    await steer('StopCampaign', 'stop-me')
    const done = await factOf('stop-me', 'CampaignCompleted')
    const { recorded = 0, sent = 0, cancelled = 0 } = done
    expect(done).toMatchObject({ reason: 'campaign-stopped', failed: 0 })
    expect([recorded, callsOf('stop-me').length]).toEqual([(sent ?? 0) + (cancelled ?? 0), sent])
    expect(recorded).toBeLessThan(12)
    await steer('ResumeCampaign', 'stop-me')
    expect(await factOf('stop-me', 'CampaignRejected')).toMatchObject({ reason: 'campaign-over' })
    await dispatcher.close()
  })

  test('killed -9 and its store dropped in the middle, reaches everybody once', async () => {
    const { topic } = await audience(24)
    const victim = startProcess({ ...scene.env, ...SMALL })
    await steer('StartCampaign', 'survivor', topic)
    await until('some calls', () => callsOf('survivor').length >= 3)
    victim.kill('SIGKILL')
    const first = await scene.start(SMALL)
    const before = callsOf('survivor').length
    await until('more calls', () => callsOf('survivor').length >= before + 3)
    await scene.db.dropDatabase()
    await until('the failure', () => first.failures[0])
    await first.close()
    const second = await scene.start(SMALL)
    const done = await factOf('survivor', 'CampaignCompleted')
    expect(done).toMatchObject({ recorded: 24, failed: 0, cancelled: 0 })
    const heard = scene.graph.delivered.map(commandOf).filter((id) => id.startsWith('survivor:'))
    expect([heard.length, new Set(heard).size]).toEqual([24, 24])
    await second.close()
  })
})

function commandOf({ body }: GraphCall): string {
  return readMetadata(body.message.metadata)?.commandId ?? ''
}

function startProcess(env: Readonly<Record<string, string>>): ChildProcess {
  const { PATH = '' } = process.env
  return spawn(process.execPath, [MAIN], { env: { PATH, ...env }, stdio: 'ignore' })
}
