import { describe, expect, test } from 'vitest'
import { callEvent } from '../../test/call-event.ts'
import { type Standing, standingOf } from './standing.ts'

type Row = readonly [
  Parameters<typeof callEvent>[0],
  Parameters<typeof callEvent>[1],
  Standing | null,
]

const rows: readonly Row[] = [
  ['NotificationAttempted', {}, 'attempted'],
  ['OptInRequestAttempted', {}, 'attempted'],
  ['NotificationScheduled', { tokenReleased: true }, 'released'],
  ['NotificationScheduled', { tokenReleased: false }, 'held'],
  ['NotificationScheduled', {}, 'held'],
  ['NotificationInDoubt', {}, 'in-doubt'],
  ['OptInRequestInDoubt', {}, 'in-doubt'],
  ['NotificationFailed', { tokenReleased: true }, 'released'],
  ['OptInRequestFailed', { tokenReleased: true }, 'released'],
  ['NotificationFailed', { tokenReleased: true, graphCode: 100 }, 'refused'],
  ['NotificationFailed', { tokenReleased: true, graphCode: 100, graphSubcode: 33 }, 'released'],
  ['NotificationFailed', { tokenReleased: true, graphCode: 551 }, 'released'],
  ['NotificationFailed', { tokenReleased: false, graphCode: 100 }, 'rejected'],
  ['OptInRequestFailed', {}, 'rejected'],
  ['NotificationSent', {}, 'sent'],
  ['OptInRequestSent', {}, 'sent'],
  ['NotificationCancelled', { tokenReleased: true }, 'released'],
  ['NotificationCancelled', { tokenReleased: false }, null],
  ['NotificationCancelled', {}, null],
  ['CommandRejected', {}, null],
]

describe('what a fact says of its token', () => {
  test.each(rows)('%s, %j: %s', (type, told, standing) => {
    expect(standingOf(callEvent(type, told))).toBe(standing)
  })

  test('is nothing where no call was made, or another way was taken', () => {
    expect(standingOf(callEvent('NotificationSent', { attempt: 0 }))).toBeNull()
    expect(standingOf(callEvent('NotificationSent', { route: 'WINDOW' }))).toBeNull()
  })

  test('is the same where the fact is older than the name of its way: there was but one', () => {
    expect(standingOf(callEvent('NotificationSent', { route: null }))).toBe('sent')
  })
})
