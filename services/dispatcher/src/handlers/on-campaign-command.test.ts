import type { CampaignCommand } from '@otn/contracts'
import { appError, commandId, pageId } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { createCampaignWorld, KEY, personOf, steering } from '../../test/support/campaign-world.ts'

const told = (world: ReturnType<typeof createCampaignWorld>) =>
  world.campaignEvents().map(({ type, reason }) => (reason ? `${type} ${reason}` : type))

describe('[U12] a campaign command', () => {
  test.each<[string, Partial<CampaignCommand>]>([
    ['text-empty', { text: '' }],
    ['content-missing', { text: null }],
    ['content-ambiguous', { message: '{"text":"a"}' }],
    ['message-invalid', { text: null, message: '{' }],
    ['text-too-long', { text: 'a'.repeat(2000) }],
    ['topic-missing', { topic: null }],
    ['topic-invalid', { topic: 'UPPER' }],
  ])('that can never go out ends in a fact that says why: %s', async (reason, wrong) => {
    const world = createCampaignWorld([personOf(0)])
    await world.steer(steering('StartCampaign', wrong))
    expect(told(world)).toEqual([`CampaignRejected ${reason}`])
    await world.steer(steering('StartCampaign', { commandId: commandId('next') }))
    expect(told(world)).toEqual([`CampaignRejected ${reason}`, 'CampaignStarted'])
  })

  test('that names no campaign is parked, and the next one of its batch is carried out', async () => {
    const world = createCampaignWorld([])
    await world.steer(
      steering('StartCampaign', { campaignId: '' }),
      steering('PauseCampaign', { campaignId: 'a\n' }),
      steering('StopCampaign', { pageId: pageId('shop') }),
      steering('StartCampaign'),
    )
    const reasons = world.state.parked.map(({ why }) => why.reason)
    expect(reasons).toEqual(['campaign-id-invalid', 'campaign-id-invalid', 'page-id-invalid'])
    expect(told(world)).toEqual(['CampaignStarted'])
  })

  test('read again, also in another order or after a rebuild, has no second effect', async () => {
    const world = createCampaignWorld([personOf(0)])
    const commands = [steering('StartCampaign'), steering('PauseCampaign')]
    const resume = steering('ResumeCampaign')
    await world.steer(...commands, resume)
    const before = told(world)
    await world.steer(...commands)
    await world.rebuild()
    await world.steer(...commands, resume)
    expect(told(world)).toEqual(before)
    expect(world.haltNow()).toBeNull()
  })

  test('that overtakes the start is remembered: paused it starts so, stopped it never does', async () => {
    const paused = createCampaignWorld([personOf(0)])
    await paused.steer(steering('PauseCampaign'), steering('StartCampaign'))
    await paused.tick()
    expect([told(paused), paused.members()]).toEqual([['CampaignPaused', 'CampaignStarted'], []])
    const stopped = createCampaignWorld([personOf(0)])
    await stopped.steer(steering('StopCampaign'), steering('StartCampaign'))
    await stopped.tick()
    expect(told(stopped)).toEqual(['CampaignStopped', 'CampaignRejected campaign-over'])
  })

  test('of who may not notify on the topic is refused before anybody is recorded', async () => {
    const world = createCampaignWorld([personOf(0)])
    world.state.mayNotify = ({ requestedBy }) => requestedBy === 'shop'
    await world.steer(steering('StartCampaign', { requestedBy: 'stranger' }))
    await world.tick()
    expect(told(world)).toEqual(['CampaignRejected requester-not-allowed'])
    await world.steer(steering('StartCampaign', { commandId: commandId('allowed') }))
    expect(told(world).at(-1)).toBe('CampaignStarted')
  })

  test('decided while the log is away is told by whoever carries the campaign on', async () => {
    const world = createCampaignWorld([personOf(0)])
    world.state.tellFails = appError('OTN_BUS_NOT_ACKNOWLEDGED', { message: 'made up' })
    await world.steer(steering('StartCampaign'), steering('PauseCampaign'))
    expect(told(world)).toEqual([])
    world.state.tellFails = null
    await world.tick()
    expect(told(world)).toEqual(['CampaignStarted', 'CampaignPaused'])
    expect(world.documents.get(KEY)?.facts).toEqual([])
  })

  test('to pause holds back before it is told', async () => {
    const world = createCampaignWorld([personOf(0)])
    await world.steer(steering('StartCampaign'))
    const seen: unknown[] = []
    const tell = world.ports.facts.tell
    world.world.strike = (label) => void seen.push([label, told(world).length])
    await world.steer(steering('PauseCampaign'))
    expect(tell).toBeTypeOf('function')
    expect(seen).toContainEqual(['brake after', 1])
  })
})
