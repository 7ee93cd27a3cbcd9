import { DAY_MS, eventId, pageId, personId, tokenId } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { type Candidate, candidateOf, inTryingOrder } from './candidates.ts'
import type { TokenView } from './token.ts'

function candidate(name: string, told: Partial<Candidate> = {}): Candidate {
  const sealed = { eventId: eventId('e'), keyId: 'k1', sealed: Buffer.from('x') }
  const token = { tokenId: tokenId(name), topic: 't', state: 'live' as const }
  return { ...token, grantedAt: 1, expiresAt: 10, refusals: 0, ...sealed, ...told }
}

const names = (candidates: readonly Candidate[]) => candidates.map(({ tokenId: id }) => id)

describe('candidates', () => {
  test('are tried by fewest refusals, then by what expires first', () => {
    const given = [
      candidate('a-late', { expiresAt: 20 }),
      candidate('a-refused', { expiresAt: 1, refusals: 1 }),
      candidate('early', { expiresAt: 5 }),
    ]
    expect(names(inTryingOrder(given))).toEqual(['early', 'a-late', 'a-refused'])
  })

  test('that are live come before all others, so that a limit cuts off no live one', () => {
    const given = [
      candidate('a-spent', { state: 'redeemed', expiresAt: 1 }),
      candidate('live', { refusals: 3, expiresAt: 99 }),
      candidate('b-spent', { state: 'expired', expiresAt: 0 }),
    ]
    expect(names(inTryingOrder(given))).toEqual(['live', 'b-spent', 'a-spent'])
  })

  test('stand in one order only, whatever order they came in', () => {
    const given = [candidate('b'), candidate('a'), candidate('c')]
    expect(names(inTryingOrder(given))).toEqual(['a', 'b', 'c'])
    expect(inTryingOrder([...given].reverse())).toEqual(inTryingOrder(given))
  })

  test('are told with their state as of now, and with what opens the raw token', () => {
    const view: TokenView = {
      ...{ pageId: pageId('1000'), person: personId('p'), topic: 'restock-1' },
      state: 'live',
      ...{ grantedAt: DAY_MS, refusals: 1 },
    }
    const consent = {
      ...{ ...view, kind: 'one_time_notif_req', topicRule: null, at: 1, origin: 'webhook' },
      ...{ topic: 'as-granted', eventId: eventId('opt-in'), keyId: 'k1', sealed: Buffer.from('x') },
    }
    const calendar = { nowMs: 366 * DAY_MS, marginMs: 0 }
    expect(candidateOf({ tokenId: tokenId('t'), view, consent }, calendar)).toEqual({
      ...{ tokenId: tokenId('t'), topic: 'restock-1', state: 'expired', refusals: 1 },
      ...{
        grantedAt: DAY_MS,
        expiresAt: 366 * DAY_MS,
        eventId: 'opt-in',
        keyId: 'k1',
        sealed: consent.sealed,
      },
    })
  })
})
