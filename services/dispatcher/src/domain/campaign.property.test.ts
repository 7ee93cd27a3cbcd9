import type { CampaignCommand, CampaignEvent } from '@otn/contracts'
import { commandId } from '@otn/kernel'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { identity, NOW, PAGE } from '../../test/support/command-facts.ts'
import { type Campaign, campaignState, evolveCampaign, haltOf, newCampaign } from './campaign.ts'
import { nameCampaignFact } from './campaign-fact.ts'
import { decideCampaign, STEERINGS_MAX } from './decide-campaign.ts'

const TYPES = ['StartCampaign', 'PauseCampaign', 'ResumeCampaign', 'StopCampaign'] as const

type Type = CampaignCommand['type']

function commandOf(type: Type, id: string): CampaignCommand {
  return { type, commandId: commandId(id), pageId: PAGE, campaignId: 'spring', topic: 'a' }
}

/** Decides a command and folds its fact; null = it was answered before. */
function step(campaign: Campaign, command: CampaignCommand, digest = 'd') {
  const draft = decideCampaign(campaign, { command, digest, fault: null })
  if (draft === null) return null
  const occasion = { identity, nowMs: NOW + campaign.sequence, requestedBy: null }
  return nameCampaignFact(campaign, draft, { ...occasion, counts: null, audience: null })
}

function play(commands: readonly CampaignCommand[]) {
  const facts: CampaignEvent[] = []
  let campaign = newCampaign(PAGE, 'spring')
  for (const command of commands) {
    const fact = step(campaign, command)
    if (fact === null) continue
    facts.push(fact)
    campaign = evolveCampaign(campaign, fact)
  }
  return { campaign, facts }
}

const plays = fc
  .array(fc.tuple(fc.constantFrom(...TYPES), fc.integer({ min: 0, max: 8 })), { maxLength: 12 })
  .map((steps) => steps.map(([type, id]) => commandOf(type, `k${id}`)))

describe('[U12] a campaign', () => {
  test('is the same whatever order its facts are read in, and however often', () => {
    const shuffled = plays.chain((commands) => {
      const { facts, campaign } = play(commands)
      const read = fc.shuffledSubarray([...facts, ...facts], { minLength: 2 * facts.length })
      return fc.tuple(fc.constant(campaign), read)
    })
    fc.assert(
      fc.property(shuffled, ([campaign, read]) => {
        const folded = read.reduce(evolveCampaign, newCampaign(PAGE, 'spring'))
        expect(folded).toEqual(campaign)
        expect(read.reduce(evolveCampaign, folded)).toBe(folded)
      }),
    )
  })

  test('answers each command once, whatever comes again', () => {
    fc.assert(
      fc.property(plays, (commands) => {
        const { campaign, facts } = play(commands)
        expect(new Set(facts.map(({ eventId }) => eventId)).size).toBe(facts.length)
        for (const command of commands) {
          const again = step(campaign, command)
          // A start of the very same campaign under another id is known by what it says.
          if (again !== null) expect(campaign.answered).not.toContain(command.commandId)
          else if (command.type !== 'StartCampaign') {
            expect(campaign.answered).toContain(command.commandId)
          }
        }
      }),
    )
  })

  test('stands as the last command that was not refused says, and never after a stop', () => {
    fc.assert(
      fc.property(plays, (commands) => {
        const { campaign, facts } = play(commands)
        const done = facts.filter(({ type }) => type !== 'CampaignRejected').map(({ type }) => type)
        const stop = done.indexOf('CampaignStopped')
        if (stop >= 0) {
          expect([done.length - 1, haltOf(campaign)]).toEqual([stop, 'stopped'])
          return
        }
        const last = done.findLast((type) => type !== 'CampaignStarted')
        expect(haltOf(campaign)).toBe(last === 'CampaignPaused' ? 'paused' : null)
        const isStarted = done.includes('CampaignStarted')
        const wanted = isStarted ? 'running' : 'unheard'
        expect(campaignState(campaign)).toBe(haltOf(campaign) ?? wanted)
      }),
    )
  })

  test.each([
    [[], 'ResumeCampaign', 'campaign-unknown'],
    [['StopCampaign'], 'StartCampaign', 'campaign-over'],
    [['StartCampaign', 'StopCampaign'], 'PauseCampaign', 'campaign-over'],
    [['PauseCampaign', 'StartCampaign'], 'PauseCampaign', undefined],
  ] as const)('after %j answers %s with %s', (before, type, reason) => {
    const { campaign } = play(before.map((name, index) => commandOf(name, `k${index}`)))
    expect(step(campaign, commandOf(type, 'next'))?.reason).toBe(reason)
  })

  test('refuses another campaign under its id, and knows its own start under another', () => {
    const { campaign } = play([commandOf('StartCampaign', 'k')])
    expect(step(campaign, commandOf('StartCampaign', 'k2'))).toBeNull()
    const other = step(campaign, commandOf('StartCampaign', 'k2'), 'other')
    expect(other).toMatchObject({ type: 'CampaignRejected', reason: 'campaign-id-reused' })
  })

  test('steered without end can still be stopped, and nothing else', () => {
    const answered = Array.from({ length: STEERINGS_MAX }, (_, index) => commandId(`k${index}`))
    const campaign = { ...newCampaign(PAGE, 'spring'), answered }
    const reason = step(campaign, commandOf('PauseCampaign', 'next'))?.reason
    expect(reason).toBe('campaign-steered-too-often')
    expect(step(campaign, commandOf('StopCampaign', 'next'))?.type).toBe('CampaignStopped')
  })
})
