import { expect, test } from 'vitest'
import { codeOf, pretendWorld } from '../../test/pretend-world.ts'
import { answeringVersion, versionState } from './versions.ts'

const IN_2026 = Date.UTC(2026, 9, 1)

test.each([
  ['v26.0', 'alive', 'v26.0'],
  ['v21.0', 'alive', 'v21.0'],
  ['v20.0', 'expired', 'v21.0'],
  ['v4.0', 'expired', 'v21.0'],
  ['v99.0', 'unknown', 'v21.0'],
  [null, 'alive', 'v21.0'],
])('in October 2026 %s is %s, and %s answers', (name, state, answers) => {
  expect(versionState(name, IN_2026)).toBe(state)
  expect(answeringVersion(name, IN_2026)).toBe(answers)
})

test('a version that has ended is answered by the next, or refused, as the switch says', () => {
  const { call, turn } = pretendWorld()
  const path = { version: 'v4.0', node: 'me', edge: null, rest: '' }
  const ask = () => codeOf(call({}, { method: 'GET', path }))
  expect(ask()).toBe('200')
  turn({ expiredVersions: 'refused' })
  expect(ask()).toBe('2635')
  expect(codeOf(call({}, { method: 'GET', path: { ...path, version: 'v99.0' } }))).toBe('2500')
})
