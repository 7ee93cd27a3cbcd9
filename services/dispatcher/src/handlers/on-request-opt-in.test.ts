import { commandId, DAY_MS, type TokenId } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { identity, MID, NOW, PAGE, PERSON, request, T1 } from '../../test/support/command-facts.ts'
import { createMemoryPorts, offsets, proposed } from '../../test/support/memory-ports.ts'
import { NO_ANSWER } from '../domain/decide-outcome.ts'

/** A dispatcher in memory; the person's window is open. */
function dispatcher() {
  const ports = createMemoryPorts()
  ports.state.windowOpenUntil = NOW + DAY_MS
  return ports
}

const told = ({ state }: ReturnType<typeof createMemoryPorts>) =>
  [...new Map(state.log.map((fact) => [fact.eventId, fact])).values()].map(({ type, reason }) =>
    `${type.replace('Notification', '')} ${reason ?? ''}`.trim(),
  )
const named = (id: string, values: Parameters<typeof request>[0] = {}) =>
  request({ commandId: commandId(id), ...values })
const byToken = (tokenId: TokenId = T1) => ({ psid: null, tokenId })

const TITLE_DIGEST = identity.digest('title:Tell you?')

describe('a person is asked', () => {
  test('once, by psid, without a token [S0-08, S0-13]', async () => {
    const ports = dispatcher()
    await ports.ask(request())
    expect(told(ports)).toEqual(['Attempted', 'Sent'])
    expect(ports.state.log).toMatchObject([
      {
        person: PERSON,
        route: 'WINDOW',
        tokenId: null,
        asks: { context: 'shop-7', titleDigest: TITLE_DIGEST },
      },
      { person: PERSON, route: 'WINDOW', tokenId: null, certainty: 'CONFIRMED' },
    ])
    expect(ports.state.calls).toMatchObject([{ token: null, person: PERSON, attempt: 1 }])
  })

  test('about a topic that others notify on: whoever asks, the person decides', async () => {
    const ports = dispatcher()
    ports.state.mayNotify = () => false
    await ports.ask(request())
    expect(told(ports)).toEqual(['Attempted', 'Sent'])
  })

  test('once, however often the command comes, and never by another one of its id', async () => {
    const ports = dispatcher()
    await ports.ask(request(), request({ requestedAt: 7 }), request({ title: 'Other words?' }))
    expect(ports.state.calls).toHaveLength(1)
    expect(told(ports)).toEqual(['CommandRejected command-id-reused', 'Attempted', 'Sent'])
  })

  test('once about a topic while the question stands, and again once it was answered [S1-20]', async () => {
    const ports = dispatcher()
    await ports.ask(named('r-1'))
    await ports.ask(named('r-2'))
    expect(told(ports).at(-1)).toBe('Failed request-open')
    expect(ports.state.log.at(-1)).toMatchObject({ rule: 'request-already-asked', attempt: 0 })
    await ports.ask(named('r-3', { topic: 'restock-9', title: 'And of the other one?' }))
    expect(told(ports).at(-1)).toBe('Sent')
    ports.state.tokens = [proposed({ state: 'redeemed', grantedAt: NOW + 1 })]
    await ports.ask(named('r-4', { title: 'Once more?' }))
    expect(told(ports).at(-1)).toBe('Sent')
  })

  test('not in the same words within a week, about whatever topic, answered or not [S1-20]', async () => {
    const ports = dispatcher()
    await ports.ask(named('r-1'))
    await ports.ask(named('r-2', { topic: 'restock-9' }))
    expect(told(ports).at(-1)).toBe('Failed request-title-repeated')
    expect(ports.state.log.at(-1)).toMatchObject({ rule: 'request-title-repeated', attempt: 0 })
    ports.state.tokens = [proposed({ state: 'redeemed', grantedAt: NOW + 1 })]
    await ports.ask(named('r-3'))
    expect(told(ports).at(-1)).toBe('Failed request-title-repeated')
    ports.state.nowMs = NOW + 7 * DAY_MS
    ports.state.windowOpenUntil = NOW + 8 * DAY_MS
    await ports.ask(named('r-4'))
    expect(told(ports).at(-1)).toBe('Sent')
  })

  test('once where many commands ask at the same time [S1-20]', async () => {
    const ports = dispatcher()
    const many = Array.from({ length: 20 }, (_, index) => named(`r-${index}`))
    await ports.askAtOnce(...many)
    const out = ports.state.calls
    expect(out).toHaveLength(1)
    const open = ports.store.all().filter(({ command }) => command.final === null)
    for (const { id } of open) await ports.run(ports.store.read(id) ?? expect.unreachable())
    expect(told(ports).filter((fact) => fact === 'Sent')).toHaveLength(1)
    expect(told(ports).filter((fact) => fact === 'Failed request-open')).toHaveLength(19)
  })

  test('not once they withdrew, until they act again; a stale answer refuses nothing [S1-20]', async () => {
    const ports = dispatcher()
    Object.assign(ports.state, { withdrewAt: NOW, needs: offsets(5n) })
    await ports.ask(named('r-1'))
    expect(told(ports)).toEqual([])
    ports.state.asOf = offsets(5n)
    await ports.run(ports.store.all()[0] ?? expect.unreachable())
    expect(told(ports)).toEqual(['Failed person-withdrew'])
    expect(ports.state.log[0]).toMatchObject({ rule: 'request-withdrawn', attempt: 0 })
    ports.state.windowOpenUntil = NOW + DAY_MS + 1
    await ports.ask(named('r-2'))
    expect(told(ports).at(-1)).toBe('Sent')
  })

  test('not where they withdraw between the decision and the call', async () => {
    const ports = dispatcher()
    const looked: unknown[] = []
    ports.state.gate = (consent) => {
      looked.push(consent)
      return 'withdrawn'
    }
    await ports.ask(request())
    expect(looked).toMatchObject([{ tokenId: null, topic: 'restock-1234', grantedAt: NOW }])
    expect(told(ports)).toEqual(['Attempted', 'Failed token-withdrawn'])
    expect(ports.state.calls).toEqual([])
  })

  test('not where they hold a live token for the very topic [S1-20]', async () => {
    const ports = dispatcher()
    ports.state.tokens = [proposed()]
    await ports.ask(named('r-1'), named('r-2', { topic: 'restock-9' }))
    expect(told(ports)).toEqual(['Failed token-live', 'Attempted', 'Sent'])
  })

  test('a limited number of times in a period, whatever the topic [S0-28]', async () => {
    const ports = dispatcher()
    for (const topic of ['a', 'b', 'c', 'd']) {
      await ports.ask(named(`r-${topic}`, { topic, title: `Tell you of ${topic}?` }))
    }
    expect(told(ports).at(-1)).toBe('Failed person-limit')
    expect(ports.state.calls).toHaveLength(3)
    ports.state.nowMs += DAY_MS
    ports.state.windowOpenUntil = ports.state.nowMs + 1
    await ports.ask(named('r-e', { topic: 'e' }))
    expect(told(ports).at(-1)).toBe('Sent')
  })
})

describe('the 24-hour window', () => {
  test('must be open, and only an answer that is no older than the command says no [S1-19]', async () => {
    const ports = dispatcher()
    ports.state.windowOpenUntil = NOW
    ports.state.needs = offsets(7n)
    await ports.ask(request())
    expect(told(ports)).toEqual([])
    ports.state.asOf = offsets(7n)
    for (const document of ports.store.all()) await ports.run(document)
    expect(told(ports)).toEqual(['Failed window-closed'])
    expect(ports.state.log[0]).toMatchObject({
      rule: 'request-window-open',
      rulesVersion: expect.stringContaining('optin-request/'),
    })
    expect(ports.state.calls).toEqual([])
  })

  test('may be closed where a token pays, which is advised against [S1-27, U22]', async () => {
    const ports = dispatcher()
    ports.state.windowOpenUntil = null
    ports.state.tokens = [proposed({ topic: 'another' })]
    await ports.ask(request(byToken()))
    expect(told(ports)).toEqual(['Attempted', 'Sent'])
    expect(ports.state.log[0]).toMatchObject({
      ...{ rule: 'request-chain-consent', route: 'TOKEN', tokenId: T1, person: PERSON },
      detail: expect.stringContaining('by psid'),
    })
    await ports.ask(named('r-2', { ...byToken(), topic: 'restock-9', title: 'And this?' }))
    ports.state.tokens = [proposed({ topic: 'another', state: 'redeemed' })]
    await ports.ask(named('r-3', { ...byToken(), title: 'And that?' }))
    expect(told(ports).slice(2)).toEqual(['Failed token-spent', 'Failed token-spent'])
  })
})

describe('an answer that is lost', () => {
  test('leaves the question in doubt: the person is not asked twice', async () => {
    const ports = dispatcher()
    ports.state.outcome = { ...NO_ANSWER, kind: 'unknown', mayProbe: true }
    await ports.ask(request())
    expect(told(ports)).toEqual(['Attempted'])
    ports.state.machineMs += 120_000
    for (const document of ports.store.all()) await ports.run(document)
    expect(told(ports)).toEqual(['Attempted', 'InDoubt doubt-stands'])
    for (const document of ports.store.all()) await ports.run(document)
    await ports.ask(named('r-2'))
    expect(told(ports).at(-1)).toBe('Failed request-open')
    expect(ports.state.calls).toHaveLength(1)
  })

  test('of a process that died before its call costs no second question', async () => {
    const ports = dispatcher()
    ports.state.diesAt = 'call'
    void ports.ask(request())
    await expect.poll(() => ports.state.calls.length).toBe(1)
    ports.state.diesAt = null
    ports.state.machineMs += 60_000
    const [document] = ports.store.takeDue(
      { nowMs: NOW, limit: 1, without: [], busy: new Set() },
      { leaseMs: 60_000, worker: 'worker-2' },
    )
    await ports.runAs('worker-2')(document ?? expect.unreachable())
    ports.state.machineMs += 120_000
    for (const late of ports.store.all()) await ports.runAs('worker-2')(late)
    expect(told(ports)).toEqual(['Attempted', 'InDoubt doubt-stands'])
    expect(ports.state.calls).toHaveLength(1)
  })

  test('that somebody else counted as unknown meanwhile keeps its late call from being made', async () => {
    const ports = dispatcher()
    ports.state.gate = () => {
      const [document] = ports.store.all()
      if (!document) return expect.unreachable()
      ports.store.write(
        document.id,
        { from: document.revision, to: document.revision + 1 },
        { document: { ...document, unknown: [1], worker: null }, leaseMs: 0, beginsDoubt: true },
      )
      return 'open'
    }
    await ports.ask(request())
    expect(ports.state.calls).toEqual([])
  })
})

describe('what can never be asked', () => {
  test.each([
    [{ title: 'a'.repeat(66) }, 'title-too-long', 'title has 66 UTF-16 code units'],
    [{ context: 'a b' }, 'context-invalid', 'context has 3 characters'],
    [{ context: '4111111111111111' }, 'personal-data', 'card in context'],
  ] as const)(
    '[S0-12, S0-27] %j is refused at once, with what is wrong',
    async (words, reason, text) => {
      const ports = dispatcher()
      await ports.ask(request(words))
      expect(told(ports)).toEqual([`Failed ${reason}`])
      expect(ports.state.log[0]).toMatchObject({
        attempt: 0,
        detail: expect.stringContaining(text),
      })
      expect(JSON.stringify(ports.state.log)).not.toContain('4111')
      expect(ports.state.parked).toEqual([])
    },
  )

  test('on a page that is not connected here is refused without asking anybody', async () => {
    const ports = dispatcher()
    ports.state.view = { standing: 'unknown', isWarned: false, connection: null }
    ports.state.ledgerFails = new Error('nobody is to be asked')
    await ports.ask(request())
    expect(ports.state.log).toMatchObject([{ reason: 'page-unknown', rule: 'request-page-known' }])
  })
})

test('an echo proves a question whose answer was lost', async () => {
  const ports = dispatcher()
  ports.state.outcome = { ...NO_ANSWER, kind: 'unknown', mayProbe: true }
  await ports.ask(request())
  const eventId = identity.event('MessageEchoed', PAGE, ['1'])
  await ports.echo({ commandId: request().commandId, attempt: 1 }, { messageId: MID, eventId })
  expect(ports.state.log.at(-1)).toMatchObject({
    ...{ type: 'NotificationSent', certainty: 'ECHOED', tokenId: null },
    asks: { context: 'shop-7' },
  })
})
