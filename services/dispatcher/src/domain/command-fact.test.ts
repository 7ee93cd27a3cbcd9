import { describe, expect, test } from 'vitest'
import { command, fact, NOW, scheduled, sent } from '../../test/support/command-facts.ts'
import { newCommand } from './command.ts'
import { asRequestEvent, ofRequestEvent, typeOnLog } from './command-fact.ts'

const asks = { context: 'shop-7', titleDigest: 'd1' }
const asking = newCommand({ ...command(), route: 'WINDOW', asks }, null)

describe('facts of an opt-in request', () => {
  test('stand on their own Kafka topic under their own names, and come back as they were', () => {
    for (const draft of [sent(1, null), { ...scheduled(0), reason: 'rate-limited' as const }]) {
      const told = fact(asking, draft)
      const event = asRequestEvent(told)
      expect(event).toMatchObject({ type: typeOnLog(told.type, asking.asks), ...asks })
      expect(event).not.toHaveProperty('asks')
      expect(event && ofRequestEvent(event)).toEqual(told)
    }
  })

  test('have ids of their own: a notification of the same id would be another fact', () => {
    const [asked, notified] = [asking, command()].map((of) => fact(of, scheduled(0), NOW))
    expect(asked?.eventId).not.toBe(notified?.eventId)
    expect(asked?.route).toBe('WINDOW')
  })

  test('of a notification are none', () => {
    expect(asRequestEvent(fact(command(), sent(1)))).toBeNull()
    const cancelled = { ...fact(asking, sent(1, null)), type: 'NotificationCancelled' } as const
    // No question has such a fact.
    expect(asRequestEvent(cancelled as never)).toBeNull()
    expect(typeOnLog('NotificationSent', null)).toBe('NotificationSent')
  })
})
