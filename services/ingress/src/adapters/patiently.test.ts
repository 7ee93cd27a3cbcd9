import { appError } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { patiently } from './patiently.ts'

const away = () => appError('OTN_BUS_UNREACHABLE', { message: 'away' })

describe('a start that waits', () => {
  test('goes on once what it waits for is back', async () => {
    const waits: unknown[] = []
    let tries = 0
    const attempt = async () => {
      tries += 1
      if (tries < 2) throw away()
      return 'up'
    }
    const options = { limitMs: 5_000, onWait: (error: unknown) => waits.push(error) }
    expect(await patiently(attempt, options)).toBe('up')
    expect(waits).toHaveLength(1)
  })

  test('does not wait where waiting cannot help, nor beyond its limit', async () => {
    let tries = 0
    const failing = (code: 'OTN_BUS_TOPICS_WRONG' | 'OTN_BUS_UNREACHABLE') => async () => {
      tries += 1
      throw appError(code, { message: 'no' })
    }
    const options = { limitMs: 100, onWait: () => {} }
    await expect(patiently(failing('OTN_BUS_TOPICS_WRONG'), options)).rejects.toThrow('no')
    await expect(patiently(failing('OTN_BUS_UNREACHABLE'), options)).rejects.toThrow('no')
    expect(tries).toBe(2)
  })
})
