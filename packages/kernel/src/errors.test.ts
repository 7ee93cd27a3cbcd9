import { expect, test } from 'vitest'
import { appError, errorCodes, isAppError } from './errors.ts'

test('an error says by its code whether a retry can help, and keeps its cause', () => {
  const cause = new Error('socket')
  const error = appError('OTN_BUS_UNREACHABLE', { message: 'no broker answers', cause })
  expect(error).toMatchObject({ code: 'OTN_BUS_UNREACHABLE', retryable: true, cause })
  expect(isAppError(error, 'OTN_BUS_UNREACHABLE')).toBe(true)
  expect(isAppError(error, 'OTN_BUS_FULL')).toBe(false)
  expect(isAppError(cause)).toBe(false)
})

test('what callers see is the title of the code unless something else was written for them', () => {
  const error = appError('OTN_INTERNAL', { message: 'host db-7 refused' })
  expect(error.publicMessage).toBe(errorCodes.OTN_INTERNAL.title)
})
