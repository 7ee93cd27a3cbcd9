/** An alarm is told at once and written when it can be, in this order and once. */
import type { AlarmEvent } from '@otn/contracts'
import { MINUTE_MS, SECOND_MS } from '@otn/kernel'
import { expect, test } from 'vitest'
import { identity, NOW } from '../../test/surroundings.ts'
import { createWebhookHealth } from '../domain/webhook-health.ts'
import { everySecond } from './every-second.ts'

function scene() {
  const health = createWebhookHealth({ windowMinutes: 15, errorsPerCauseMax: 5 })
  const told: string[] = []
  const written: AlarmEvent[] = []
  const world = { nowMs: NOW, isAway: true }
  const watch = everySecond({
    health,
    identity,
    limits: { failingAfterMs: 180_000, failingGravelyAfterMs: 600_000, slowPercent: 5 },
    tell: {
      alarmRaised: ({ alarm, severity }) => told.push(`raised ${alarm} ${severity}`),
      alarmCleared: ({ alarm, severity }) => told.push(`cleared ${alarm} ${severity}`),
      alarmsNotWritten: (owed) => told.push(`${owed} owed`),
    },
    nowMs: () => world.nowMs,
    spool: () => null,
    publish: () => async (events) => {
      if (world.isAway) throw new Error('away')
      written.push(...events)
    },
  })
  const post = (cause: 'log-unavailable' | null) =>
    health.note({
      ...{ atMs: world.nowMs, durationMs: 1, cause, isSigned: true, pages: [], bodySha256: null },
    })
  const pass = async (ms: number) => {
    world.nowMs += ms
    await watch.run()
  }
  return { watch, told, written, world, post, pass }
}

test('an alarm during an outage of Kafka is told at once and written once it is over [S1-47]', async () => {
  const { watch, told, written, world, post, pass } = scene()
  post('log-unavailable')
  await pass(3 * MINUTE_MS)
  post('log-unavailable')
  await pass(SECOND_MS)
  expect(told).toEqual(['raised webhook-failing warning', '1 owed'])
  expect(watch.standing()).toHaveLength(1)
  world.isAway = false
  post(null)
  for (let second = 0; second < 20; second += 1) await pass(SECOND_MS)
  expect(written.map(({ type, severity }) => [type, severity])).toEqual([
    ['AlarmRaised', 'warning'],
    ['AlarmCleared', undefined],
  ])
  const [raised, cleared] = written
  expect(cleared?.causationId).toBe(raised?.eventId)
  expect(raised).toMatchObject({ alarm: 'webhook-failing', subject: 'webhook', pageId: null })
  expect(told.slice(2)).toEqual(['cleared webhook-failing warning'])
  expect(watch.standing()).toEqual([])
})
