import { expect, test } from 'vitest'
import { describeEngines } from './global-setup.ts'

test('a run says which engines it ran on, how they were started and how long that took', () => {
  const line = describeEngines({
    how: { kafka: 'native', mongodb: 'given', registry: 'docker' },
    startupSeconds: { kafka: 4, mongodb: 0, registry: 9.1 },
  })
  expect(line).toBe('engines: kafka native 4.0 s, mongodb given, registry docker 9.1 s')
})
