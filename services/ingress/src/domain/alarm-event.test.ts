import { createSecretKey } from 'node:crypto'
import { createIdentity } from '@otn/vault'
import { expect, test } from 'vitest'
import { alarmEvents } from './alarm-event.ts'
import type { WebhookAlarm } from './webhook-alarms.ts'

const identity = createIdentity(createSecretKey(Buffer.from('test-pepper')))
const alarm: WebhookAlarm = {
  ...{ alarm: 'webhook-failing', severity: 'warning', sinceMs: 1_000, detail: 'three minutes' },
}
const idsOf = (one: WebhookAlarm, nowMs: number, instance = 'a') =>
  alarmEvents({ raised: [one], cleared: [] }, { identity, instance, nowMs }).map(
    ({ eventId }) => eventId,
  )

test('the next outage is another alarm, and the same one told again is the same', () => {
  expect(idsOf({ ...alarm, detail: 'later' }, 9)).toEqual(idsOf(alarm, 5))
  expect(idsOf({ ...alarm, sinceMs: 2_000 }, 5)).not.toEqual(idsOf(alarm, 5))
  expect(idsOf({ ...alarm, severity: 'critical' }, 5)).not.toEqual(idsOf(alarm, 5))
})

test('the same of a neighbour is another alarm, about another ingress', () => {
  expect(idsOf(alarm, 5, 'b')).not.toEqual(idsOf(alarm, 5))
  const subjects = ['a', 'b'].flatMap((instance) =>
    alarmEvents({ raised: [alarm], cleared: [] }, { identity, instance, nowMs: 5 }),
  )
  expect(subjects.map(({ subject }) => subject)).toEqual(['webhook at a', 'webhook at b'])
})

test('what ends an alarm names it', () => {
  const [raised] = idsOf(alarm, 5)
  const [cleared] = alarmEvents(
    { raised: [], cleared: [alarm] },
    { identity, instance: 'a', nowMs: 9 },
  )
  expect(cleared).toMatchObject({ type: 'AlarmCleared', causationId: raised, at: 9 })
})
