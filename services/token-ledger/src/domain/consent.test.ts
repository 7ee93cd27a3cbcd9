import type { OptInReceived } from '@otn/contracts'
import { eventId, pageId, personId, tokenId } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { type Consent, firstConsent } from './consent.ts'

const optIn: OptInReceived = {
  ...{ pageId: pageId('1000'), person: personId('p'), tokenId: tokenId('t') },
  ...{ type: 'OptInReceived', eventId: eventId('opt-in'), kind: 'one_time_notif_req' },
  ...{ at: 100, grantedAt: 90, origin: 'webhook', keyId: 'k1', sealed: Buffer.from('b') },
}
const after = (...events: readonly OptInReceived[]) =>
  events.reduce<Consent | null>(firstConsent, null)

describe('the consent of a token', () => {
  test('is what its first receipt said, and which rule named its topic', () => {
    const named = { topic: 'restock-1', topicRule: 'rule-1' }
    const { type: _, tokenId: __, ...told } = optIn
    expect(after({ ...optIn, ...named })).toEqual({ ...told, ...named })
    expect(after(optIn)).toMatchObject({ topic: null, topicRule: null })
  })

  test.each([
    ['an earlier receipt', { at: 99 }],
    ['a seal that sorts before, of one instant', { sealed: Buffer.from('a') }],
    ['another topic, of one instant and one seal', { topic: 'restock-1' }],
    ['a seal that sorts before, of what sorts after', { sealed: Buffer.from('a'), kind: 'z' }],
  ])('is one and the same whichever of two came first: %s', (_, values) => {
    const other = { ...optIn, ...values }
    const [one, two] = [after(optIn, other), after(other, optIn)]
    expect(one).toEqual(two)
    expect([after(optIn), after(other)]).toContainEqual(one)
  })

  test('counts the first receipt, to the millisecond, whatever it is sealed in', () => {
    const earlier = { ...optIn, at: 99, sealed: Buffer.from('z') }
    expect(after(optIn, earlier)?.at).toBe(99)
    const known = after(earlier)
    expect(firstConsent(known, optIn)).toBe(known)
    expect(firstConsent(known, earlier)).toBe(known)
  })
})
