import type { PageEvent } from '@otn/contracts'
import { describe, expect, test } from 'vitest'
import { identity, NOW, PAGE } from '../../test/support/command-facts.ts'
import { createPages } from './pages-memory.ts'

let facts = 0
function event(type: PageEvent['type'], values: object = {}): PageEvent {
  facts += 1
  const eventId = identity.event(type, PAGE, [String(facts)])
  const sealed = { name: 'A', appId: '1', keyId: 'k1', sealed: Buffer.from('s') }
  return { eventId, pageId: PAGE, at: NOW + facts, ...sealed, ...values, type } as PageEvent
}
const forShop = { topic: 'sale', mayNotify: '["shop"]' }
const by = (requestedBy: string | null, topic = 'sale') => ({ topic, requestedBy })

/** @param isRead whether the page events are read to their end; may fold what was missing */
function pagesAfter(events: readonly PageEvent[], isRead: () => boolean = () => true) {
  const pages = createPages(async () => isRead())
  for (const one of events) pages.fold(one)
  return pages
}

describe('what a command meets at its page', () => {
  const declared = [event('PageConnected'), event('TopicDeclared', forShop)]

  test('is its page as it is, where its topic names who asks, or nobody [S1-17]', async () => {
    const pages = pagesAfter(declared)
    const active = { standing: 'active', connection: { keyId: 'k1' } }
    expect(await pages.view(PAGE, by('shop'))).toMatchObject(active)
    expect(await pages.view(PAGE, by('crm', 'outlet'))).toMatchObject(active)
    expect(await pages.view(PAGE, null)).toMatchObject(active)
  })

  test('is a refusal without any means to call, where its topic is for others', async () => {
    const refusal = { standing: 'requester-not-allowed', isWarned: false, connection: null }
    expect(await pagesAfter(declared).view(PAGE, by('crm'))).toEqual(refusal)
    const paused = pagesAfter([...declared, event('PagePaused')])
    expect(await paused.view(PAGE, by('crm'))).toEqual(refusal)
    expect((await paused.view(PAGE, by('shop'))).standing).toBe('page-paused')
  })

  test('is no refusal for its topic while the page itself is refused', async () => {
    const gone = pagesAfter([...declared, event('PageDisconnected')])
    expect((await gone.view(PAGE, by('crm'))).standing).toBe('disconnected')
    expect((await pagesAfter([]).view(PAGE, by('crm'))).standing).toBe('unknown')
  })

  test('is never a refusal by page events that are not read to their end', async () => {
    const behind = { standing: 'behind', isWarned: false, connection: null }
    expect(await pagesAfter(declared, () => false).view(PAGE, by('crm'))).toEqual(behind)
    expect(await pagesAfter([], () => false).view(PAGE, by('crm'))).toEqual(behind)
    const pages = pagesAfter(declared, () => {
      pages.fold(event('TopicDeclared', { topic: 'sale' }))
      return true
    })
    expect(await pages.view(PAGE, by('crm'))).toEqual(behind)
    expect((await pages.view(PAGE, by('crm'))).standing).toBe('active')
  })
})
