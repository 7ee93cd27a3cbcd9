import { describe, expect, test } from 'vitest'
import { answering, FAKE_ENV, run } from '../fake-shell.ts'

const NOW = Date.UTC(2026, 10, 22, 8)
const metaSide = 'The platform keeps its own list: Show recent errors.'
const row = {
  ...{ cause: 'log-unavailable', bodySha256: 'ab'.repeat(32), pages: ['1000'] },
  ...{ firstAtMs: NOW - 1_000, lastAtMs: NOW, times: 3 },
}
const healthy = {
  ...{ since: NOW, windowMinutes: 15, answers: 4, accepted: 3, share200: 0.75, metaSide },
  refused: { signature: 1, 'too-large': 0, 'too-slow': 0, 'log-unavailable': 1, fault: 0 },
  latency: { p50: 5, p99: 20, max: 17.3, over5s: 0, over20s: 0 },
  ...{ failingSinceMs: null, last200AtMs: NOW, alarms: [], recentErrors: [row] },
}

describe('otn webhook errors', () => {
  test('shows time, cause, pages, body and repeats, and last where Meta shows its own [S1-50]', async () => {
    const { asked, answer } = answering(healthy)
    const { out, err, code } = await run('webhook errors', { answer })
    const [head, first] = out.split('\n')
    expect(head).toMatch(/^last +first +times +cause +pages +body$/)
    expect(first).toBe(
      '2026-11-22 08:00:00.000Z  2026-11-22 07:59:59.000Z  3      log-unavailable  1000   ' +
        'abababababab',
    )
    expect(err.trim().split('\n').at(-1)).toBe(metaSide)
    expect(code).toBe(0)
    expect(asked[0]?.call).toBe(`GET ${FAKE_ENV.OTN_INGRESS_URL}/v1/webhook/health`)
  })

  test('gives programs whole digests', async () => {
    const { out } = await run('webhook errors --json', answering(healthy))
    expect(JSON.parse(out)).toEqual({ recentErrors: [row], metaSide })
  })
})

describe('otn webhook health', () => {
  test('shows figures and ends with 0 while no alarm stands', async () => {
    const { out, err, code } = await run('webhook health', answering(healthy))
    expect(out).toContain('3 of 4; 75.0 % without strangers')
    expect(out).toContain('p50 5 ms, p99 20 ms, max 17.3 ms')
    expect(err.trim().split('\n').at(-1)).toBe(metaSide)
    expect(code).toBe(0)
  })

  test('ends with 1 while an alarm stands, and gives programs the answer as it is', async () => {
    const detail = 'No webhook was answered 200 for 4 min.'
    const alarm = { alarm: 'webhook-failing', severity: 'warning', sinceMs: NOW, detail }
    const failing = { ...healthy, alarms: [alarm] }
    const { out, code } = await run('webhook health', answering(failing))
    expect(out).toContain(`✖ webhook-failing (warning): ${detail}`)
    expect(code).toBe(1)
    expect(JSON.parse((await run('webhook health --json', answering(failing))).out)).toEqual(
      failing,
    )
  })

  test('suspects our own secret where no signature verified at all', async () => {
    const { err } = await run('webhook health', answering({ ...healthy, accepted: 0 }))
    expect(err).toContain('META_APP_SECRET')
  })
})
