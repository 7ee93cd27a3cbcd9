/**
 * Whether the tap on Notify Me opens the window: our setting beside the switch of the stand-in of
 * the platform, which shares no code with it.
 */
import { buildOptInRequest, buildPersonSend } from '@otn/graph-api'
import { DAY_MS, eventId, HOUR_MS, pageId, personId, Secret, tokenId } from '@otn/kernel'
import { startSimulator } from '@otn/meta-simulator'
import { onOptInReceived, unknownPerson, windowOpenUntil } from '@otn/token-ledger/decisions'
import { describe, expect, test } from 'vitest'

/** The person as the ledger knows them after a tap at this instant. */
function tappedAt(grantedAt: number) {
  const who = { pageId: pageId('1'), person: personId('p'), tokenId: tokenId('t') }
  const seal = { keyId: 'k1', sealed: Buffer.alloc(0) }
  const { persons = [] } = onOptInReceived({
    ...{ type: 'OptInReceived', eventId: eventId('e'), ...who, ...seal },
    ...{ kind: 'one_time_notif_req', grantedAt, at: grantedAt, origin: 'webhook' },
  })
  return persons.reduce((known, { evolve }) => evolve(known), unknownPerson)
}

describe.each([false, true])('where the tap opens the window: %s', (tapOpensWindow) => {
  test('ledger and stand-in agree before the tap, after it and a day later [S1-21]', async () => {
    await using cleanup = new AsyncDisposableStack()
    const clock = { startAtMs: Date.UTC(2026, 5, 1), running: false }
    const simulator = await startSimulator({ switches: { tapOpensWindow }, clock })
    cleanup.defer(() => simulator.close())
    const [page] = simulator.pages
    const [person] = simulator.addPeople({ pageId: page?.pageId ?? '', count: 1 })
    const [shop, psid] = [page?.pageId ?? '', person?.psid ?? '']
    const post = async (body: string) => {
      const headers = { authorization: `Bearer ${page?.accessToken}` }
      const type = { 'content-type': 'application/json' }
      const address = `${simulator.graphUrl}/v21.0/me/messages`
      const init = { method: 'POST', headers: { ...headers, ...type }, body }
      return (await fetch(address, init)).status === 200
    }
    const to = { psid: new Secret(psid) }
    const takesText = () =>
      post(buildPersonSend({ ...to, tag: null, content: '{"text":"Hi"}', metadata: 'm' }))
    const isOpen = (tap: number | null) => {
      const known = tap === null ? unknownPerson : tappedAt(tap)
      return (windowOpenUntil(known, { tapOpensWindow }) ?? 0) > simulator.nowMs()
    }
    await simulator.act({ pageId: shop, psid, act: { kind: 'message', text: 'Hi' } })
    await simulator.advance(DAY_MS - HOUR_MS)
    const question = { title: 'Tell you?', payload: 'otn1:restock-1:', metadata: 'm' }
    expect(await post(buildOptInRequest({ to, ...question }))).toBe(true)
    // The question and its delivery opened nothing.
    await simulator.advance(HOUR_MS)
    expect([await takesText(), isOpen(null)]).toEqual([false, false])
    await simulator.tap({ pageId: shop, psid, payload: 'otn1:restock-1:' })
    const tap = simulator.nowMs()
    expect([await takesText(), isOpen(tap)]).toEqual([tapOpensWindow, tapOpensWindow])
    await simulator.advance(DAY_MS)
    expect([await takesText(), isOpen(tap)]).toEqual([false, false])
  })
})
