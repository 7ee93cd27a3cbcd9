import { describe, expect, test } from 'vitest'
import { type AlarmBook, noteAlarm, owedAlarms } from './alarms.ts'
import { factId } from './digest.ts'
import { type Finding, finding } from './finding.ts'

const doubt = (sinceMs: number): Finding =>
  finding('doubt-stands', { subject: 'command 1000:c-1', pageId: '1000', detail: 'x', sinceMs })
const owed = (book: AlarmBook, found: readonly Finding[], nowMs = 10) =>
  owedAlarms(book, { found, nowMs })

/** Publishes what is owed, as often as the Kafka topic may show it. */
function publish(book: AlarmBook, found: readonly Finding[], times = 1) {
  const events = owed(book, found)
  for (let n = 0; n < times; n += 1) for (const event of events) noteAlarm(book, event)
  return events
}

describe('alarms', () => {
  test('a finding is raised once, however often it is found and read back', () => {
    const book: AlarmBook = new Map()
    const [raised] = publish(book, [doubt(1)], 3)
    expect(raised).toMatchObject({
      ...{ type: 'AlarmRaised', alarm: 'doubt-stands', severity: 'warning', pageId: '1000' },
      ...{ subject: 'command 1000:c-1', detail: expect.stringMatching(/^G5\. In doubt/) },
    })
    expect(owed(book, [doubt(1)])).toEqual([])
  })

  test('two auditors that know nothing of one another raise the same fact', () => {
    const ids = [10, 99].map((nowMs) => owed(new Map(), [doubt(1)], nowMs)[0]?.eventId)
    expect(ids[0]).toMatch(/^[0-9a-f]{32}$/)
    expect(ids[0]).toBe(ids[1])
  })

  test('what is no longer found is cleared once', () => {
    const book: AlarmBook = new Map()
    const [raised] = publish(book, [doubt(1)])
    const [cleared, ...others] = publish(book, [], 2)
    expect(cleared).toMatchObject({ type: 'AlarmCleared', causationId: raised?.eventId })
    expect(others).toEqual([])
    expect(owed(book, [])).toEqual([])
  })

  test('what begins again is another alarm, and the clearing of the first one leaves it', () => {
    const book: AlarmBook = new Map()
    const [first] = publish(book, [doubt(1)])
    const [cleared] = publish(book, [])
    const [second] = publish(book, [doubt(2)])
    expect(second?.eventId).not.toBe(first?.eventId)
    if (cleared) noteAlarm(book, cleared)
    expect(owed(book, [doubt(2)])).toEqual([])
    expect(owed(book, [])).toHaveLength(1)
  })

  test('an alarm is named by what it is about and since when, its end by the alarm', () => {
    const book: AlarmBook = new Map()
    const [raised] = publish(book, [doubt(1)])
    const parts = ['1000', 'doubt-stands', 'command 1000:c-1', '1']
    expect(raised?.eventId).toBe(factId('AlarmRaised', parts))
    const [cleared] = publish(book, [])
    expect(cleared).toEqual({
      ...{ type: 'AlarmCleared', pageId: '1000', alarm: 'doubt-stands', at: 10 },
      eventId: factId('AlarmCleared', ['1000', String(raised?.eventId)]),
      ...{ causationId: raised?.eventId, subject: 'command 1000:c-1' },
    })
  })

  test('an alarm of no page says so, and so does its end', () => {
    const book: AlarmBook = new Map()
    const of = { subject: 'optIn/1@0', pageId: null, detail: 'x', sinceMs: 1 }
    const [raised] = publish(book, [finding('personal-in-clear', of)])
    const parts = ['', 'personal-in-clear', 'optIn/1@0', '1']
    expect(raised).toMatchObject({ pageId: null, eventId: factId('AlarmRaised', parts) })
    const [cleared] = publish(book, [])
    const id = factId('AlarmCleared', ['', String(raised?.eventId)])
    expect(cleared).toMatchObject({ pageId: null, eventId: id })
  })

  test('an event that neither raises nor ends changes nothing', () => {
    const book: AlarmBook = new Map()
    const [raised] = publish(book, [doubt(1)])
    if (!raised) throw new Error('nothing raised')
    const causationId = raised.eventId
    noteAlarm(book, { ...raised, type: 'AlarmSeen', causationId } as unknown as typeof raised)
    noteAlarm(book, { ...raised, causationId })
    expect(owed(book, [doubt(1)])).toEqual([])
    expect(owed(book, [])).toHaveLength(1)
  })

  test('alarms of others are left alone', () => {
    const book: AlarmBook = new Map()
    const [event] = owed(book, [doubt(1)])
    if (event) noteAlarm(book, { ...event, alarm: 'disk-full' })
    expect(owed(book, [])).toEqual([])
  })
})
