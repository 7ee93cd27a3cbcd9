import { describe, expect, test } from 'vitest'
import { earlier, type Place, placeText, surelyBefore } from './audit-record.ts'

const place = (values: Partial<Place> = {}): Place => ({
  ...{ topic: 'notification', partition: 0, offset: 7n, timestampMs: 100 },
  ...values,
})
const here = place()

describe('the order of two places', () => {
  const rows: readonly [string, Partial<Place>, boolean][] = [
    ['by its offset in one partition, whatever the time', { offset: 6n, timestampMs: 999 }, true],
    ['by its offset in one partition, be it at once', { offset: 6n }, true],
    ['by the time on another partition', { partition: 1, timestampMs: 99, offset: 9n }, false],
    ['by the time on another Kafka topic', { topic: 'token', timestampMs: 99, offset: 9n }, false],
    ['by its name where the time is one', { topic: 'notify', partition: 0, offset: 9n }, false],
  ]

  test.each(rows)('is told %s', (_, values, isSure) => {
    const [one, two] = values.topic === 'notify' ? [here, place(values)] : [place(values), here]
    expect([earlier(one, two), earlier(two, one)]).toEqual([one, one])
    expect([surelyBefore(one, two), surelyBefore(two, one)]).toEqual([isSure, false])
  })

  test('of the same place is no order', () => {
    const same = place()
    expect(earlier(here, same)).toBe(here)
    expect(surelyBefore(here, same)).toBe(false)
    const beside = place({ partition: 1 })
    expect(surelyBefore(place({ partition: 1, offset: 1n }), here)).toBe(false)
    expect(earlier(beside, here)).toBe(earlier(here, beside))
  })
})

test('a place is named by Kafka topic, partition and offset', () => {
  expect(placeText(place({ partition: 3 }))).toBe('notification/3@7')
})
