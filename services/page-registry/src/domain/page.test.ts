import type { PageEvent } from '@otn/contracts'
import { eventId, pageId } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { foldPageEvent, standingOf, unknownPage } from './page.ts'

const base = (id: string, at: number) => ({ eventId: eventId(id), pageId: pageId('1000'), at })
const connected: PageEvent = {
  ...base('c', 10),
  ...{ type: 'PageConnected', name: 'Shop', appId: '77', keyId: 'k', sealed: Buffer.from('s') },
  permissions: 'pages_messaging,pages_manage_metadata',
}
const facts: readonly PageEvent[] = [
  connected,
  { ...base('p', 20), type: 'PagePaused' },
  { ...base('r', 30), type: 'PageResumed' },
  { ...base('b', 40), type: 'PagePolicyEnforced', action: 'block' },
  {
    ...{ ...base('g', 50), type: 'PageCapabilityChanged' },
    ...{ capability: 'one-time-notification', state: 'requested' },
  },
]
const fold = (events: readonly PageEvent[]) => events.reduce(foldPageEvent, unknownPage)

describe('the card of a page', () => {
  test('[S1-03] tells app, permissions and dates as its events do', () => {
    expect(fold([connected]).connection).toMatchObject({
      at: 10,
      value: { appId: '77', permissions: ['pages_messaging', 'pages_manage_metadata'] },
    })
  })

  test('is the same whatever comes twice, and in whichever order', () => {
    const once = fold(facts)
    expect(fold([...facts, ...facts])).toEqual(once)
    expect(fold(facts.toReversed())).toEqual(once)
  })

  test('shows what hinders the page most', () => {
    expect([1, 2, 3, 4].map((count) => standingOf(fold(facts.slice(0, count))))).toEqual([
      ...['active', 'paused', 'active', 'blocked'],
    ])
    expect(standingOf(unknownPage)).toBeNull()
    expect(standingOf(fold([...facts, { ...base('d', 60), type: 'PageDisconnected' }]))).toBe(
      'disconnected',
    )
  })
})
