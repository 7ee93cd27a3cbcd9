import { codecInMemory, type NotificationEvent } from '@otn/contracts'
import { commandId, eventId, pageId } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { run } from '../fake-shell.ts'
import { createFakeLog } from '../log/fake-log.ts'

const nowMs = Date.UTC(2026, 10, 22, 8)
const HOUR = 3_600_000
const LINE =
  'faults 0 · exposed 0 · lost 0 · doubled 0 · false verdicts 0 · unfinished 0 · in doubt 0 %'

const failed = {
  ...{ type: 'NotificationFailed', eventId: eventId('e'), commandId: commandId('c-1') },
  ...{ pageId: pageId('1000'), commandDigest: 'd', attempt: 0, at: nowMs - HOUR },
  reason: 'gave-up',
} as const satisfies NotificationEvent

async function logOf(...values: readonly NotificationEvent[]) {
  const log = createFakeLog(await codecInMemory())
  for (const value of values) {
    log.append('notification', { name: 'NotificationEvent', value, timestampMs: nowMs - HOUR })
  }
  return log.opened
}

describe('otn audit', () => {
  test('ends with 0 where every promise holds, and says so in one line', async () => {
    const { code, out } = await run('audit', { log: await logOf(failed), nowMs })
    expect({ code, lines: out.split('\n') }).toEqual({
      code: 0,
      lines: ['✔ 1 commands, 0 tokens: 0 findings', LINE, ''],
    })
  })

  test('ends with 1 where one is broken, and says which in one line', async () => {
    const log = await logOf(failed, { ...failed, attempt: 1 })
    const { code, out } = await run('audit', { log, nowMs })
    expect(code).toBe(1)
    expect(out).toMatch(/^✖ critical {2}G5 {2}two-finals {2}command 1000:c-1 {2}A command has two/m)
  })

  test('tells programs everything in one object', async () => {
    const log = await logOf(failed, { ...failed, attempt: 1 })
    const { out } = await run('audit --json', { log, nowMs })
    const { findings, commands, tokens, summary } = JSON.parse(out)
    expect(findings[0]).toMatchObject({ code: 'event-id-reused', severity: 'critical' })
    expect({ commands, tokens }).toEqual({
      commands: { total: 1, inDoubt: 0, settled: 0 },
      tokens: 0,
    })
    expect(summary).toContain('false verdicts 1')
  })

  test('refuses a period that is none', async () => {
    const { code, err } = await run('audit --follow --every 0', { log: await logOf(), nowMs })
    expect(code).toBe(2)
    expect(err).toContain('--every: got "0", wanted a whole number from 1 to 3600')
  })
})
