import { describe, expect, test } from 'vitest'
import type { Finding } from '../finding.ts'
import { samplesOf } from '../readers/read-metrics.ts'
import { standingAlarms } from './alarms.ts'
import { judgeDispatcher } from './dispatcher-lag.ts'
import { judgeTopics } from './kafka.ts'
import { judgeKept } from './kept-messages.ts'
import { judgeLag } from './ledger-lag.ts'
import { judgeMongodb } from './mongodb.ts'
import { judgeNode } from './node-version.ts'
import { judgePages } from './pages.ts'
import { judgePepper } from './pepper.ts'
import { judgeSchemas } from './registry.ts'
import { judgeService } from './services.ts'
import { judgeSkew } from './skew.ts'
import { judgeWebhookHealth } from './webhook-health.ts'

const verdictsOf = (findings: readonly Finding[]) => findings.map(({ verdict }) => verdict).join()
const hello = {
  ...{ setName: 'rs0', isPrimary: true, members: 3, majorityLagMs: 0 },
  ...{ localTimeMs: 0, tookMs: 1 },
}
const MINUTE = 60_000
const healthy = {
  ...{ nowMs: 100 * MINUTE, failingSinceMs: null, alarms: [], recentErrors: 0 },
  ...{ signaturesRefused: 0, accepted: 5 },
}

describe('a verdict', () => {
  test.each([
    ['v24.1.0', 'ok'],
    ['v23.9.9', 'fix'],
  ])('Node %s is %s', (version, verdict) => {
    expect(verdictsOf(judgeNode(version))).toBe(verdict)
  })

  test('of Kafka topics is one line for all that one command mends', () => {
    const missing = 'Kafka topic a is missing; run "pnpm otn topics apply"'
    const shrunk = 'Kafka topic b has 3 partitions, wanted 12; partitions are never changed'
    const findings = judgeTopics([missing, missing, shrunk])
    expect(findings.map(({ fix }) => fix)).toEqual([
      'pnpm otn topics apply',
      'partitions are never changed',
    ])
    expect(findings[0]?.sentence).toContain(
      '2 differences of Kafka topics: Kafka topic a is missing',
    )
    expect(verdictsOf(judgeTopics([]))).toBe('ok')
  })

  test('of schemas names the command that publishes them', () => {
    expect(judgeSchemas(['x: not published; run: pnpm otn schemas publish', 'y'])).toMatchObject([
      { verdict: 'fix', sentence: 'x: not published, and 1 more: pnpm otn schemas check' },
    ])
    expect(verdictsOf(judgeSchemas(null))).toBe('warn')
  })

  test.each([
    ['a set of three', hello, 'ok'],
    ['a set of one', { ...hello, members: 1 }, 'warn'],
    ['no set', { ...hello, setName: null }, 'fix'],
    ['no primary', { ...hello, isPrimary: false }, 'fix'],
    ['a majority that has gone', { ...hello, majorityLagMs: 60_000 }, 'fix'],
  ])('of MongoDB with %s', (_name, facts, verdict) => {
    expect(verdictsOf(judgeMongodb(facts))).toBe(verdict)
  })

  test.each([
    ['the same', ['a', 'a'], 'ok'],
    ['none', [], 'fix'],
    ['another', ['b'], 'fix'],
    ['two of them', ['a', 'b'], 'fix'],
  ])('of the pepper with %s pinned', (_name, pinned, verdict) => {
    expect(verdictsOf(judgePepper({ ours: 'a', pinned }))).toBe(verdict)
  })

  test.each([
    [500, 0, 'ok'],
    [3_000, 0, 'warn'],
    [3_000, 2_000, 'ok'],
    [-90_000, 0, 'fix'],
  ])('of a clock %i ms apart, %i ms uncertain', (apartMs, uncertainMs, verdict) => {
    const clocks = { theirsMs: 1e12 + apartMs, oursMs: 1e12, uncertainMs }
    expect(verdictsOf(judgeSkew('X', clocks))).toBe(verdict)
  })

  test('of a service says its own reasons', () => {
    const answer = { status: 503, reasons: ['no partition is assigned yet'] }
    expect(judgeService({ name: 'ledger', answer })[0]?.sentence).toContain('no partition')
    expect(verdictsOf(judgeService({ name: 'ledger', answer: null }))).toBe('fix')
  })

  test('of the ledger: behind is told, beyond the end of the log is to mend', () => {
    const at = (next: bigint, end: bigint) => [{ kafkaTopic: 't', next: [next], end: [end] }]
    expect(verdictsOf(judgeLag(at(5n, 5n)))).toBe('ok')
    expect(verdictsOf(judgeLag(at(0n, 9_000n)))).toBe('warn')
    expect(judgeLag(at(6n, 5n))).toMatchObject([{ verdict: 'fix', fix: 'pnpm otn ledger rebuild' }])
  })

  test('of the dispatcher is read out of what it counts', () => {
    const counts = (joined: number, lag: number) =>
      samplesOf(
        `# HELP x\notn_dispatcher_group_joined{group="d"} ${joined}\n` +
          `otn_dispatcher_lag_records{topic="a"} ${lag}\n`,
      )
    expect(verdictsOf(judgeDispatcher(counts(1, 3)))).toBe('ok')
    expect(verdictsOf(judgeDispatcher(counts(1, 6_000)))).toBe('warn')
    expect(verdictsOf(judgeDispatcher(counts(0, 0)))).toBe('fix')
  })

  test('warns before the platform unsubscribes, and points at the errors [S1-50]', () => {
    expect(verdictsOf(judgeWebhookHealth(healthy))).toBe('ok')
    const failing = { ...healthy, failingSinceMs: 80 * MINUTE }
    expect(judgeWebhookHealth(failing)).toMatchObject([
      { verdict: 'fix', fix: 'pnpm otn webhook errors' },
    ])
    expect(judgeWebhookHealth(failing)[0]?.sentence).toMatch(/20 min.*unsubscribes/)
    expect(judgeWebhookHealth({ ...healthy, recentErrors: 2 })).toMatchObject([
      { verdict: 'warn', fix: 'pnpm otn webhook errors' },
    ])
    const strangers = { ...healthy, accepted: 0, signaturesRefused: 3 }
    expect(judgeWebhookHealth(strangers)[0]?.fix).toContain('META_APP_SECRET')
  })

  test('of what was set aside: what nobody took up or dropped is told, however old it is', () => {
    expect(judgeKept({ keptIn: 'parked', open: 2, oldestDays: 40 })).toMatchObject([
      {
        ...{ verdict: 'warn', sentence: '2 parked messages wait, the oldest for 40 days' },
        fix: 'pnpm otn parked list',
      },
    ])
    expect(judgeKept({ keptIn: 'quarantine', open: 0, oldestDays: 0 })).toMatchObject([
      { verdict: 'ok', sentence: 'no quarantined webhook item waits for anybody' },
    ])
  })

  test('of pages: none is to mend, a paused one is told', () => {
    expect(verdictsOf(judgePages([]))).toBe('fix')
    expect(judgePages([{ pageId: '1', isPaused: true }])[0]?.fix).toBe('pnpm otn pages resume 1')
  })

  test('an alarm stands until it is cleared', () => {
    const event = (type: 'AlarmRaised' | 'AlarmCleared', at: number) =>
      ({ type, at, alarm: 'webhook-failing', severity: 'warning', subject: 's' }) as never
    expect(standingAlarms([event('AlarmRaised', 1)])).toHaveLength(1)
    expect(standingAlarms([event('AlarmRaised', 1), event('AlarmCleared', 2)])).toEqual([])
  })
})
