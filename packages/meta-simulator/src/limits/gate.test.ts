import { expect, test } from 'vitest'
import { pretendWorld, SHOP } from '../../test/pretend-world.ts'
import { readGraphPath } from '../domain/graph-request.ts'
import { Gate } from './gate.ts'

const path = readGraphPath('/v21.0/me/messages')
const send = { method: 'POST', path, parameters: {}, accessToken: `access-${SHOP}` }

test.each([
  ['simulator', [null, 'call-rate', null]],
  ['machine', [null, 'call-rate', 'call-rate']],
] as const)('limits follow the clock of the %s', (time, expected) => {
  const { world } = pretendWorld()
  const gate = new Gate({ textCallsPerSecond: 1, time }, () => 0)
  const admitted = [0, 0, 60_000].map((nowMs) => gate.admit(send, { world, nowMs }).situation)
  expect(admitted).toEqual(expected)
})

test('strangers count for nobody, and without limits nothing is counted', () => {
  const scene = { world: pretendWorld().world, nowMs: 0 }
  const gate = new Gate({ textCallsPerSecond: 1, headersFromPercent: 0 }, () => 0)
  expect(gate.admit({ ...send, accessToken: 'EAAx' }, scene)).toEqual({
    situation: null,
    headers: {},
  })
  expect(gate.admit(send, scene).headers).toHaveProperty('x-page-usage')
  gate.set(null)
  expect(gate.admit(send, scene)).toEqual({ situation: null, headers: {} })
})
