import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NOW, PAGE, storedFact } from '../../test/support/command-facts.ts'
import { newCampaign } from './campaign.ts'
import { type CampaignDocument, newCampaignDocument, walked } from './campaign-document.ts'
import { nextCampaignStep } from './next-campaign-step.ts'

const started = { digest: 'd', topic: 'a', requestedBy: null, at: NOW }
const running: CampaignDocument = {
  ...newCampaignDocument(PAGE, 'spring'),
  campaign: { ...newCampaign(PAGE, 'spring'), started },
}
const walkedOnce = walked(running, { next: null, recorded: 3 })
const EMPTY = { next: null, recorded: 0 }
const nobody = { open: 0, isOwed: false }

function halted(values: object): CampaignDocument {
  return { ...running, campaign: { ...running.campaign, ...values } }
}

describe('[U12] the next step of a campaign', () => {
  test('never has more people waiting than its window holds', () => {
    const world = fc.record({ open: fc.nat(500), window: fc.integer({ min: 2, max: 500 }) })
    fc.assert(
      fc.property(world, ({ open, window }) => {
        const step = nextCampaignStep(running, { open, isOwed: open > 0 }, window)
        const limit = step.kind === 'walk' ? step.limit : 0
        expect(open + limit <= Math.max(open, window)).toBe(true)
        expect(step.kind).toBe(open * 2 <= window ? 'walk' : 'wait')
      }),
    )
  })

  test.each([
    ['tells what was decided first', { ...running, facts: [storedFact('f')] }, nobody, 'tell'],
    ['waits for whom it recorded', walkedOnce, { open: 0, isOwed: true }, 'wait'],
    ['looks once more for somebody new', walkedOnce, nobody, 'walk-again'],
    [
      'rests while it is paused',
      halted({ pausing: { isPaused: true, sequence: 2 } }),
      nobody,
      'rest',
    ],
    ['rests when it has ended', halted({ completed: { at: NOW } }), nobody, 'rest'],
    ['cancels once it is stopped', halted({ stoppedAt: NOW }), { open: 1, isOwed: true }, 'cancel'],
    ['ends when all are cancelled', halted({ stoppedAt: NOW }), nobody, 'complete'],
    ['rests where it never started', halted({ stoppedAt: NOW, started: null }), nobody, 'rest'],
  ])('%s', (_, document, look, kind) => {
    expect(nextCampaignStep(document, look, 10).kind).toBe(kind)
  })

  test('ends with a walk that found nobody, and not with the first one', () => {
    const empty = walked(running, EMPTY)
    expect(nextCampaignStep(empty, nobody, 10).kind).toBe('walk-again')
    const again = walked({ ...empty, walk: { ...empty.walk, isDone: false } }, EMPTY)
    expect(nextCampaignStep(again, nobody, 10).kind).toBe('complete')
  })
})
