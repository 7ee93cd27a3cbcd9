import { describe, expect, test } from 'vitest'
import { campaignCommand } from './campaign-command.ts'

const around = { newId: 'new', source: 'shop', nowMs: 5 }
const CAMPAIGN = { pageId: '1000', campaignId: 'spring' }
const START = { ...CAMPAIGN, topic: 'restock-1234', text: 'It is back.' }

describe('[U12] a campaign command', () => {
  test('that starts says what goes out on which topic, in whose name', () => {
    expect(campaignCommand('start', START, around)).toEqual({
      command: {
        ...{ type: 'StartCampaign', commandId: 'new', requestedBy: 'shop', requestedAt: 5 },
        ...{ ...START, message: null },
      },
    })
  })

  test.each([
    ['pause', 'PauseCampaign'],
    ['resume', 'ResumeCampaign'],
    ['stop', 'StopCampaign'],
  ] as const)('to %s names the campaign, and has an id of its own', (act, type) => {
    const made = campaignCommand(act, { ...CAMPAIGN, idempotencyKey: 'k' }, around)
    expect(made).toMatchObject({ command: { type, commandId: 'k', campaignId: 'spring' } })
  })

  test.each([
    ['start', { ...START, pageId: 'shop' }, 'pageId'],
    ['start', { ...START, campaignId: '' }, 'campaignId'],
    ['start', { ...START, campaignId: 'a'.repeat(101) }, 'campaignId'],
    ['start', { ...START, campaignId: 'a\n' }, 'campaignId'],
    ['start', { ...START, topic: 'UPPER' }, 'topic'],
    ['start', withoutText(START), 'text'],
    ['start', { ...START, message: { text: 'a' } }, 'text'],
    ['start', { ...START, psid: '2000' }, 'psid'],
    ['pause', { ...CAMPAIGN, topic: 'restock-1234' }, 'topic'],
  ] as const)('to %s by %j is refused by the name of its field', (act, input, field) => {
    const made = campaignCommand(act, input, around)
    expect('faults' in made && made.faults.map((fault) => fault.field)).toEqual([field])
  })
})

function withoutText({ text: _, ...rest }: typeof START) {
  return rest
}
