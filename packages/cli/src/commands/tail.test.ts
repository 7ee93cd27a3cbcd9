import { codecInMemory } from '@otn/contracts'
import { commandId, eventId, pageId } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { run } from '../fake-shell.ts'
import { createFakeLog } from '../log/fake-log.ts'

const nowMs = Date.UTC(2026, 10, 22, 8)
const HOUR = 3_600_000

async function logOfThree() {
  const log = createFakeLog(await codecInMemory())
  for (const [page, hoursAgo] of [
    ['1000', 3],
    ['1001', 2],
    ['1000', 1],
  ] as const) {
    const at = nowMs - hoursAgo * HOUR
    const value = {
      type: 'NotificationFailed',
      eventId: eventId(`${page}-${hoursAgo}`),
      commandId: commandId('k'),
      pageId: pageId(page),
      commandDigest: 'd',
      attempt: 0,
      at,
      reason: 'gave-up',
    } as const
    log.append('notification', { name: 'NotificationEvent', value, timestampMs: at })
  }
  return log.opened
}

async function offsetsOf(line: string) {
  const { out } = await run(`tail ${line} --until-caught-up --json`, {
    log: await logOfThree(),
    nowMs,
  })
  const lines = out.split('\n').filter((text) => text !== '')
  return lines.map((text) => JSON.parse(text).offset)
}

describe('otn tail', () => {
  test('gives every record of the log as one line of JSON', async () => {
    expect(await offsetsOf('')).toEqual(['0', '1', '2'])
    expect(await offsetsOf('--since beginning')).toEqual(['0', '1', '2'])
  })

  test('begins where it is told to', async () => {
    expect(await offsetsOf('--since 2h')).toEqual(['1', '2'])
    expect(await offsetsOf('--since 2026-11-22T07:30:00Z')).toEqual([])
  })

  test('shows only what is asked for', async () => {
    expect(await offsetsOf('--page 1000')).toEqual(['0', '2'])
    expect(await offsetsOf('--type NotificationSent')).toEqual([])
    expect(await offsetsOf('optIn')).toEqual([])
  })

  test('is one line each for people, with the count beside the data', async () => {
    const { out, err } = await run('tail notification --until-caught-up', {
      log: await logOfThree(),
      nowMs,
    })
    expect(out.split('\n')[0]).toBe(
      '2026-11-22 05:00:00.000Z  otn.notification.events.v1/0@0  NotificationFailed  ' +
        'commandId=k  pageId=1000  attempt=0  reason=gave-up',
    )
    expect(err).toBe('3 records\n')
  })
})
