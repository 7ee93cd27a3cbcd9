import { codecInMemory } from '@otn/contracts'
import { HOUR_MS, isAppError } from '@otn/kernel'
import { describe, expect, test, vi } from 'vitest'
import { FakeLog } from '../../test/support/fake-log.ts'
import { command, Story, token } from '../../test/support/story.ts'
import type { Finding } from '../finding.ts'
import { followAudit } from './follow-audit.ts'

const [c1, t1] = [command(1), token(1)]

/** An attempt without an outcome, and one outcome for it. */
const open = () => new Story().page().optIn(t1).notify(c1).attempted(c1, t1)

async function start(story: Story) {
  const codec = await codecInMemory()
  const log = new FakeLog(codec)
  await log.write(story.entries)
  const stop = new AbortController()
  const told: string[] = []
  const tell = (what: string) => (one: Finding) => told.push(`${what} ${one.code}`)
  const ended = followAudit(
    { bus: log.bus, codec },
    {
      ...{ nowMs: () => story.nowMs, signal: stop.signal, everyMs: 1, retryMs: 1 },
      onFinding: tell('raised'),
      onCleared: tell('cleared'),
      onTrouble: (error) => told.push(`trouble ${isAppError(error) ? error.code : error.name}`),
      onCaughtUp: () => told.push('caught up'),
    },
  )
  const alarms = () =>
    log.appended.map(({ value }) => {
      const decoded = codec.decode('AlarmEvent', value)
      return decoded.kind === 'known'
        ? `${decoded.value.type} ${decoded.value.alarm}`
        : 'unreadable'
    })
  return {
    ...{ log, told, alarms },
    saw: (text: string) => vi.waitFor(() => expect(told).toContain(text)),
    stop: async () => {
      stop.abort()
      await ended
    },
  }
}

describe('an audit that goes on for good', () => {
  test('tells what time brings to light, once, and when it is over', async () => {
    const story = open()
    const { saw, told, alarms, log, stop } = await start(story)
    await saw('caught up')
    story.after(2 * HOUR_MS)
    await saw('raised attempt-unfinished')
    await log.write(new Story(story.nowMs).sent(c1, t1).entries)
    await saw('cleared attempt-unfinished')
    await stop()
    expect(told).toHaveLength(3)
    expect(alarms()).toEqual(['AlarmRaised attempt-unfinished', 'AlarmCleared attempt-unfinished'])
  })

  test('waits an outage of the brokers out and reads on from where it stood', async () => {
    const story = open()
    const { saw, told, alarms, log, stop } = await start(story)
    await saw('caught up')
    log.goAway()
    await saw('trouble OTN_BUS_UNREACHABLE')
    // Time that passes while nothing can be read makes nothing old.
    story.after(2 * HOUR_MS)
    await log.write(new Story(story.nowMs).sent(c1, t1).entries)
    log.comeBack()
    await vi.waitFor(() => expect(log.readings).toBe(2))
    const twice = { eventId: 'x', attempt: 2, tokenId: t1.tokenId, reason: 'gave-up' }
    await log.write(new Story(story.nowMs).failed(c1, twice).entries)
    await saw('raised two-finals')
    await stop()
    expect(told.filter((line) => line.startsWith('raised attempt-unfinished'))).toEqual([])
    expect(alarms()).toContain('AlarmRaised two-finals')
  })
})
