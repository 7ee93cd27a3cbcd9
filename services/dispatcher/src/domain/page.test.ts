import type { PageEvent } from '@otn/contracts'
import { describe, expect, test } from 'vitest'
import { identity, NOW, PAGE } from '../../test/support/command-facts.ts'
import { evolvePage, mayNotify, type Page, standingOf, unknownPage } from './page.ts'

let count = 0
function event(type: PageEvent['type'], values: Partial<PageEvent> = {}): PageEvent {
  count += 1
  const eventId = identity.event(type, PAGE, [String(count)])
  const sealed = { keyId: 'k1', sealed: Buffer.from('s') }
  const about = { eventId, pageId: PAGE, at: NOW + count, name: 'A', appId: '1' }
  return { ...about, ...sealed, ...values, type } as PageEvent
}

const connected = event('PageConnected')
const after = (...events: readonly PageEvent[]): Page => events.reduce(evolvePage, unknownPage)
const standing = (...events: readonly PageEvent[]) => standingOf(after(connected, ...events))
const block = (action: string, values: Partial<PageEvent> = {}) =>
  event('PagePolicyEnforced', { action, ...values } as Partial<PageEvent>)
const capability = (state: string, name = 'one-time-notification') =>
  event('PageCapabilityChanged', { capability: name, state } as Partial<PageEvent>)

describe('whether a page may send', () => {
  test.each([
    ['connected', [], 'active'],
    ['disconnected', [event('PageDisconnected')], 'disconnected'],
    ['connected again', [event('PageDisconnected'), event('PageConnected')], 'active'],
    ['paused', [event('PagePaused')], 'page-paused'],
    ['resumed', [event('PagePaused'), event('PageResumed')], 'active'],
    ['warned', [block('warning')], 'active'],
    ['warned after a block', [block('block'), block('warning')], 'page-blocked'],
    ['denied the capability', [capability('denied')], 'page-capability-missing'],
    ['blocked', [block('block')], 'page-blocked'],
    ['unblocked', [block('block'), block('unblock')], 'active'],
    ['without the capability', [capability('revoked')], 'page-capability-missing'],
    ['with it again', [capability('denied'), capability('granted')], 'active'],
    ['without another capability', [capability('denied', 'other')], 'active'],
    ['blocked and paused', [event('PagePaused'), block('block')], 'page-blocked'],
  ])('%s', (_, events, expected) => {
    expect(standing(...events)).toBe(expected)
  })

  test('nobody knows before it is connected', () => {
    expect(standingOf(unknownPage)).toBe('unknown')
    expect(standingOf(after(event('PagePaused')))).toBe('unknown')
  })

  test('a repeat of an older fact changes nothing, also at the same instant', () => {
    const [paused, resumed] = [event('PagePaused', { at: NOW }), event('PageResumed', { at: NOW })]
    expect(standing(paused, resumed)).toBe('active')
    expect(standing(paused, resumed, paused)).toBe('active')
  })

  test('a block of the platform counts from when it happened there', () => {
    const late = block('block', { at: NOW + 9_000, occurredAt: NOW + 1_000 } as Partial<PageEvent>)
    const lifted = block('unblock', {
      at: NOW + 8_000,
      occurredAt: NOW + 2_000,
    } as Partial<PageEvent>)
    expect(standing(lifted, late)).toBe('active')
  })

  test('a warning stops nothing, and stands until the platform lifts it', () => {
    const warned = (...events: readonly PageEvent[]) => after(connected, ...events).isWarned.value
    const warning = block('warning', { at: NOW + 1_000 } as Partial<PageEvent>)
    const lifted = block('unblock', { at: NOW + 2_000 } as Partial<PageEvent>)
    expect([warned(), warned(warning), warned(warning, lifted)]).toEqual([false, true, false])
    expect(standing(warning)).toBe('active')
  })

  test('a block that claims to come from the future counts from when it was received', () => {
    const ahead = { at: NOW + 1_000, occurredAt: NOW + 99_000 } as Partial<PageEvent>
    const lifted = block('unblock', { at: NOW + 2_000, occurredAt: null } as Partial<PageEvent>)
    expect(standing(block('block', ahead), lifted)).toBe('active')
  })

  test.each(['TopicRuleSet', 'DeploymentPinned'] as const)(
    'a fact about something else changes nothing: %s',
    (type) => {
      const page = after(connected)
      expect(evolvePage(page, event(type))).toBe(page)
    },
  )
})

describe('who may notify on a topic of a page', () => {
  const declared = (names: readonly string[] | null, values: Partial<PageEvent> = {}) => {
    const said = names && JSON.stringify(names)
    return event('TopicDeclared', { topic: 'sale', mayNotify: said, ...values })
  }
  const may = (requestedBy: string | null, ...events: readonly PageEvent[]) =>
    mayNotify(after(connected, ...events), { topic: 'sale', requestedBy })

  test.each([
    ['anyone, where it was never declared', [], true],
    ['anyone, where it names nobody', [declared(null)], true],
    ['those whom it names', [declared(['crm', 'shop'])], true],
    ['nobody else', [declared(['crm'])], false],
    ['nobody, where the names cannot be read', [declared(null, { mayNotify: 'shop' })], false],
    ['anyone again, declared anew', [declared(['crm']), declared(null)], true],
    ['those of the youngest fact', [declared(['shop']), declared(['crm'])], false],
  ])('%s', (_, events, expected) => {
    expect(may('shop', ...events)).toBe(expected)
  })

  test('nobody who does not say who asks, where it names somebody', () => {
    expect(may(null, declared(['crm']))).toBe(false)
    expect(may(null, declared(null))).toBe(true)
  })

  test('is not changed by a late repeat, nor by another topic', () => {
    const [first, second] = [declared(['shop']), declared(['crm'])]
    expect(may('shop', second, first)).toBe(false)
    expect(may('crm', first, second, first)).toBe(true)
    expect(may('crm', second, declared(['shop'], { topic: 'outlet' }))).toBe(true)
  })
})

describe('what is kept of a page', () => {
  test('is how to speak for it: which fact its access token is sealed in, and with which key', () => {
    const { pageId, eventId, at } = connected
    const sealed = { keyId: 'k1', sealed: Buffer.from('s') }
    expect(after(connected).connection).toEqual({
      ...{ value: { pageId, eventId, ...sealed, graphVersion: null }, at, seen: [eventId] },
    })
    const pinned = event('PageConnected', { graphVersion: 'v23.0' } as Partial<PageEvent>)
    expect(after(pinned).connection.value?.graphVersion).toBe('v23.0')
  })

  test('is the facts of the last instant only, however many came before', () => {
    const [paused, resumed] = [event('PagePaused'), event('PageResumed')]
    expect(after(connected, paused, resumed).isPaused.seen).toEqual([resumed.eventId])
    const again = event('PagePaused', { at: resumed.at })
    expect(after(resumed, again).isPaused.seen).toEqual([resumed.eventId, again.eventId])
  })

  test('before any fact is nothing, and no hindrance', () => {
    const said = (value: unknown) => ({ value, at: 0, seen: [] })
    expect(unknownPage).toEqual({
      ...{ connection: said(null), isPaused: said(false), isBlocked: said(false) },
      ...{ isWarned: said(false), isCapable: said(true), notifiers: new Map() },
    })
  })
})
