/** An alarm is told at once and written when it can be, in this order and once. */
import type { AlarmEvent } from '@otn/contracts'
import { MINUTE_MS, SECOND_MS } from '@otn/kernel'
import { expect, test } from 'vitest'
import { identity, NOW } from '../../test/surroundings.ts'
import type { SpoolState } from '../domain/spool-state.ts'
import { createWebhookHealth } from '../domain/webhook-health.ts'
import { everySecond } from './every-second.ts'

function scene() {
  const health = createWebhookHealth({ windowMinutes: 15, errorsPerCauseMax: 5 })
  const told: string[] = []
  const written: AlarmEvent[] = []
  const world = { nowMs: NOW, isAway: true, spool: null as SpoolState | null }
  const watch = everySecond({
    health,
    identity,
    instance: 'one',
    limits: { failingAfterMs: 180_000, failingGravelyAfterMs: 600_000, slowPercent: 5 },
    tell: {
      alarmRaised: ({ alarm, severity }) => told.push(`raised ${alarm} ${severity}`),
      alarmCleared: ({ alarm, severity }) => told.push(`cleared ${alarm} ${severity}`),
      alarmsNotWritten: (owed) => told.push(`${owed} owed`),
    },
    nowMs: () => world.nowMs,
    spool: () => world.spool,
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
  expect(raised).toMatchObject({
    alarm: 'webhook-failing',
    subject: 'webhook at one',
    pageId: null,
  })
  expect(told.slice(2)).toEqual(['cleared webhook-failing warning'])
  expect(watch.standing()).toEqual([])
})

test('a start tells what a former process left standing of the spool and is over, once [S1-47]', async () => {
  const { told, written, world, pass } = scene()
  world.isAway = false
  world.spool = {
    ...{ bytes: 10, bytesMax: 100, segments: 1, oldestAtMs: NOW - 5, isFull: false, damaged: 0 },
  }
  await pass(SECOND_MS)
  await pass(SECOND_MS)
  expect(written).toMatchObject([
    { type: 'AlarmCleared', alarm: 'spool-full', subject: 'webhook at one' },
    { type: 'AlarmCleared', alarm: 'spool-damaged', subject: 'webhook at one' },
    { type: 'AlarmRaised', alarm: 'spool-holding', subject: 'webhook at one' },
  ])
  expect(told).toEqual(['raised spool-holding warning'])
})
