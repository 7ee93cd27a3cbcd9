/** Loopback alone; here and not beside the source because a hundred seeds take their time. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { startSimulator } from '../src/index.ts'
import { sendWithToken } from './send.ts'

const CALLS = 200
const SEEDS = 100

test('of 200 parallel sends with one token exactly one succeeds [S0-04]', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string(), fc.nat({ max: CALLS - 1 }), async (seed, struck) => {
      const simulator = await startSimulator({ seed })
      try {
        const pageId = simulator.pages[0]?.pageId ?? ''
        const { token } = await simulator.tap({ pageId, payload: 'p' })
        // One call in the crowd is judged late, so that order of arrival is not order of judging.
        const answer = { kind: 'genuine' } as const
        simulator.addKnob({ skip: struck, times: 1, deliver: true, waitBeforeMs: 5, answer })
        const sends = Array.from({ length: CALLS }, () => sendWithToken(simulator, { token }))
        const codes = (await Promise.all(sends)).map(({ code }) => code)
        expect(codes.filter((code) => code === 'ok')).toHaveLength(1)
        expect(codes.filter((code) => code === '100')).toHaveLength(CALLS - 1)
        expect(simulator.truth({ token }).deliveries).toHaveLength(1)
      } finally {
        await simulator.close()
      }
    }),
    { numRuns: SEEDS },
  )
}, 300_000)
