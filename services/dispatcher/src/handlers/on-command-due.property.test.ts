import { messageId } from '@otn/kernel'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { notify } from '../../test/support/command-facts.ts'
import { createMemoryPorts, proposed } from '../../test/support/memory-ports.ts'
import { type CallOutcome, NO_ANSWER } from '../domain/decide-outcome.ts'

const PROBES_MAX = 3
const LEASE_MS = 60_000
const TICK_MS = 10_000
/** Twice the hour after which an unknown outcome is called in doubt at the latest. */
const LOOKS_MAX = (2 * 3_600_000) / TICK_MS

const pause = { scope: 'page', waitMs: 1_000, untilPageEvent: false } as const
const unknown = (mayProbe: boolean): CallOutcome => ({ ...NO_ANSWER, kind: 'unknown', mayProbe })
/** What graph code 1/1357046 means. */
const FORBIDS = unknown(false)
const refused = { reason: 'recipient-unavailable', tokenIsDead: false } as const

const outcomes: readonly CallOutcome[] = [
  unknown(true),
  FORBIDS,
  { ...NO_ANSWER, kind: 'not-sent', reason: 'rate-limited', pause },
  { ...NO_ANSWER, kind: 'not-sent', reason: 'not-reached', pause },
  { ...NO_ANSWER, kind: 'refused', ...refused },
  { ...NO_ANSWER, kind: 'token-used' },
  { ...NO_ANSWER, kind: 'unlisted' },
  { ...NO_ANSWER, kind: 'sent', messageId: messageId('m') },
]

/** Looks for what is due until nothing is, with one outcome after the other and the last for ever. */
async function play(script: readonly CallOutcome[]) {
  const { go, run, state, store } = createMemoryPorts()
  state.tokens = [proposed()]
  state.outcome = unknown(true)
  await go(notify())
  const query = { nowMs: state.nowMs, limit: 1, without: [], busy: new Set<string>() }
  const lease = { leaseMs: LEASE_MS, worker: 'worker-1' }
  for (let look = 0; look < LOOKS_MAX; look += 1) {
    state.machineMs += TICK_MS
    for (const document of store.takeDue(query, lease)) {
      state.outcome = script[state.calls.length - 1] ?? script.at(-1) ?? unknown(true)
      await run(document)
    }
  }
  state.machineMs += LEASE_MS
  const left = store.takeDue(query, lease)
  return { calls: state.calls.length, left, log: state.log }
}

describe('after an attempt of unknown outcome', () => {
  test('there are three probes at most, none after an answer that forbids it, and an end', async () => {
    const script = fc.array(fc.constantFrom(...outcomes), { minLength: 1, maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(script, async (answers) => {
        const { calls, left, log } = await play(answers)
        expect(calls - 1).toBeLessThanOrEqual(PROBES_MAX)
        const forbidden = answers.indexOf(FORBIDS)
        if (forbidden >= 0) expect(calls - 1).toBeLessThanOrEqual(forbidden + 1)
        expect(left).toEqual([])
        expect(['NotificationSent', 'NotificationInDoubt']).toContain(log.at(-1)?.type)
      }),
      { numRuns: 150 },
    )
  })
})
