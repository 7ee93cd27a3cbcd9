import { DAY_MS } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { identity, NOW, notify, PAGE, PERSON } from '../../test/support/command-facts.ts'
import { createMemoryPorts, offsets, proposed } from '../../test/support/memory-ports.ts'
import { NO_ANSWER } from '../domain/decide-outcome.ts'

const OTHER = identity.person(PAGE, 'x' as never)
const named = { psid: null, externalUserId: 'customer-7' }

/** A dispatcher in memory; the account is linked by a person who holds a token and wrote lately. */
function dispatcher() {
  const ports = createMemoryPorts()
  Object.assign(ports.state, {
    ...{ windowOpenUntil: NOW + DAY_MS, tokens: [proposed()] },
    linked: { person: PERSON, link: 'link-1' },
  })
  return ports
}
type Ports = ReturnType<typeof dispatcher>

const told = ({ state }: Ports) =>
  [...new Map(state.log.map((fact) => [fact.eventId, fact])).values()].map(({ type, reason }) =>
    `${type.replace('Notification', '')} ${reason ?? ''}`.trim(),
  )
const calls = ({ state }: Ports) =>
  state.calls.map(({ token, psid }) => [token?.reveal() ?? null, psid?.reveal() ?? null])
const goOn = async ({ store, run }: Ports) => {
  const [found] = store.all()
  if (found) await run(found)
}
const unknown = { ...NO_ANSWER, kind: 'unknown', mayProbe: true } as const

describe('a notification by the account of a site [S1-12]', () => {
  test.each([
    ['TOKEN', null, `raw ${proposed().tokenId}`, null],
    ['AUTO', null, null, 'psid of link-1'],
    ['WINDOW', null, null, 'psid of link-1'],
    ['TAG', 'HUMAN_AGENT', null, 'psid of link-1'],
  ])('goes out by %s to whom the account is linked to', async (route, tag, token, psid) => {
    const ports = dispatcher()
    await ports.go(notify({ ...named, route, tag }))
    expect(told(ports)).toEqual(['Attempted', 'Sent'])
    expect(ports.state.log.map(({ person }) => person)).toEqual([PERSON, PERSON])
    expect(calls(ports)).toEqual([[token, psid]])
    expect(JSON.stringify(ports.state.log)).not.toContain('customer-7')
  })

  test.each(['TOKEN', 'AUTO', 'WINDOW'])(
    'by %s is refused by its rule where nobody linked it, but by no stale answer',
    async (route) => {
      const ports = dispatcher()
      Object.assign(ports.state, { linked: null, needs: offsets(5n) })
      await ports.go(notify({ ...named, route }))
      expect(told(ports)).toEqual([])
      ports.state.asOf = offsets(5n)
      await goOn(ports)
      expect(told(ports)).toEqual(['Failed external-user-unknown'])
      expect(ports.state.log[0]).toMatchObject({
        ...{ rule: 'notify-external-user', attempt: 0 },
        detail: 'no account link of the page names this user now',
      })
      expect(calls(ports)).toEqual([])
    },
  )

  test('waits until the ledger has read on: the account may be unlinked by now', async () => {
    const ports = dispatcher()
    ports.state.needs = offsets(5n)
    await ports.go(notify(named))
    expect(calls(ports)).toEqual([])
    Object.assign(ports.state, { linked: { person: OTHER, link: 'link-2' }, asOf: offsets(5n) })
    await goOn(ports)
    expect(ports.state.log.map(({ person }) => person)).toEqual([OTHER, OTHER])
  })

  test('that was tried goes to nobody else once the account moved', async () => {
    const ports = dispatcher()
    ports.state.outcome = {
      ...{ ...NO_ANSWER, kind: 'not-sent', reason: 'rate-limited' },
      pause: { scope: 'page', waitMs: 0, untilPageEvent: false },
    }
    await ports.go(notify(named))
    ports.state.linked = { person: OTHER, link: 'link-2' }
    ports.state.nowMs = NOW + DAY_MS
    await goOn(ports)
    expect(told(ports).at(-1)).toBe('Failed external-user-unknown')
    expect(ports.state.log.at(-1)).toMatchObject({
      person: PERSON,
      detail: expect.stringContaining('went to somebody else'),
    })
    expect(ports.state.calls).toHaveLength(1)
  })

  test('of unknown outcome is repeated to the linked person, and not after they unlinked', async () => {
    const ports = dispatcher()
    ports.state.outcome = unknown
    await ports.go(notify(named))
    await goOn(ports)
    expect(ports.state.calls).toHaveLength(2)
    ports.state.linked = null
    await goOn(ports)
    expect(ports.state.calls).toHaveLength(2)
    expect(told(ports).at(-1)).toMatch(/^InDoubt/)
  })

  test('is previewed alike: unsure as long as the ledger is behind', async () => {
    const ports = dispatcher()
    expect(await ports.preview(notify(named))).toMatchObject({ decision: 'spend' })
    ports.state.needs = offsets(5n)
    expect(await ports.preview(notify(named))).toMatchObject({
      ...{ decision: 'unsure', reason: 'ledger-behind' },
    })
    Object.assign(ports.state, { linked: null, asOf: offsets(5n) })
    expect(await ports.preview(notify(named))).toMatchObject({
      ...{ decision: 'refuse', reason: 'external-user-unknown' },
    })
  })
})
