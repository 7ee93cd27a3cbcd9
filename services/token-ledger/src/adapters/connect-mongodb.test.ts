import { describe, expect, test } from 'vitest'
import { reaching } from './connect-mongodb.ts'

describe('a call of MongoDB', () => {
  test('that meets a closed socket is one to make again, though no error of the driver', async () => {
    const reset = Object.assign(new Error('write ECONNRESET'), { syscall: 'write' })
    const call = reaching(Promise.reject(reset))
    await expect(call).rejects.toMatchObject({ code: 'OTN_STORE_UNREACHABLE', retryable: true })
  })

  test('that fails by a bug of ours is not', async () => {
    await expect(reaching(Promise.reject(new TypeError('a bug')))).rejects.toThrow(TypeError)
  })
})
