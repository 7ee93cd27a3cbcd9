import { createFakeNotifier } from '@otn/client/testing'
import { describe, expect, test } from 'vitest'
import { answering, run } from '../fake-shell.ts'

const START = 'spring --page 1000 --topic restock-1 --text "It is back."'
const PLAN = { campaignId: 'spring', decision: 'start', reason: null, persons: 12, tokens: 14 }
const plan = { ...PLAN, expiring: 3, seconds: 1 }
const campaign = {
  ...{ pageId: '1000', campaignId: 'spring', state: 'running', topic: 'restock-1' },
  ...{ requestedBy: 'otn-cli', startedAt: Date.UTC(2026, 10, 22, 8), completedAt: null },
  ...{ audience: null, recorded: 9, sent: 5, failed: 1, inDoubt: 1, cancelled: 0, waiting: 2 },
}

describe('[U12] otn campaign', () => {
  test('plan shows audience and cost, and publishes nothing', async () => {
    const { asked, answer } = answering(plan)
    const notifier = createFakeNotifier()
    const { code, out } = await run(`campaign plan ${START}`, { answer, notifier })
    expect(asked).toEqual([
      {
        call: 'POST /v1/campaigns?dryRun=true',
        body: {
          ...{ pageId: '1000', campaignId: 'spring', topic: 'restock-1', text: 'It is back.' },
          requestedBy: 'otn-cli',
        },
      },
    ])
    expect([code, notifier.campaigns]).toEqual([0, []])
    expect(out).toContain('reaches 12 persons, spends 12 of their 14 live tokens')
    expect(out).toContain('3 of them hold none that lives for another week')
    const refused = answering({ ...plan, decision: 'refuse', reason: 'requester-not-allowed' })
    const told = await run(`campaign plan ${START}`, refused)
    expect([told.code, told.out.includes('requester-not-allowed')]).toEqual([5, true])
  })

  test('start publishes what goes out, and names where it shows', async () => {
    const notifier = createFakeNotifier()
    const { code, out, err } = await run(`campaign start ${START}`, { notifier })
    expect(notifier.campaigns).toMatchObject([
      { type: 'StartCampaign', campaignId: 'spring', topic: 'restock-1', text: 'It is back.' },
    ])
    expect([code, out]).toEqual([0, '✔ published  campaign spring  fake/0@0\n'])
    expect(err).toBe('next: pnpm otn campaign show spring --page 1000\n')
    const wrong = await run('campaign start spring --page 1000 --topic restock-1')
    expect([wrong.code, wrong.err.includes('exactly one of text, message')]).toEqual([2, true])
  })

  test.each([
    ['pause', 'PauseCampaign'],
    ['resume', 'ResumeCampaign'],
    ['stop', 'StopCampaign'],
  ])('%s publishes one command about the campaign', async (act, type) => {
    const notifier = createFakeNotifier()
    const line = `campaign ${act} spring --page 1000 --command-id k`
    expect((await run(line, { notifier })).code).toBe(0)
    expect(notifier.campaigns).toMatchObject([{ type, campaignId: 'spring', commandId: 'k' }])
  })

  test('show and list tell how far campaigns are', async () => {
    const one = answering(campaign)
    const shown = await run('campaign show "spring sale" --page 1000', one)
    expect(one.asked[0]?.call).toBe('GET /v1/pages/1000/campaigns/spring%20sale')
    expect(shown.out).toMatch(/state +running\n/)
    const all = answering({ items: [campaign], next: 'spring' })
    const { out, err } = await run('campaign list --page 1000 --limit 1', all)
    expect(all.asked[0]?.call).toBe('GET /v1/pages/1000/campaigns?limit=1')
    expect(out.split('\n')[1]).toMatch(/^spring +running +restock-1 +9 +5 +1 +1 +0 +2$/)
    expect(err).toBe('1 campaign\nmore: --after spring\n')
  })
})
