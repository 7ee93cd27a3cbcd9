import { appError } from '@otn/kernel'
import { createMetrics, type Log } from '@otn/runtime'
import { expect, test } from 'vitest'
import { createSpoolTelemetry } from './spool-telemetry.ts'

test('a disk that keeps the spool from draining is told and counted, a log that is away is not', async () => {
  const levels: string[] = []
  const log = {
    debug: () => void levels.push('debug'),
    error: () => void levels.push('error'),
  } as unknown as Log
  const metrics = createMetrics('ingress')
  const { drainHalted } = createSpoolTelemetry({ log, metrics })
  drainHalted(appError('OTN_HTTP_UNAVAILABLE', { message: 'away' }))
  drainHalted(Object.assign(new Error('read'), { code: 'EIO' }))
  expect(levels).toEqual(['debug', 'error'])
  expect(await metrics.metrics()).toMatch(/^otn_ingress_spool_drain_failures_total(\{.*\})? 1$/m)
})
