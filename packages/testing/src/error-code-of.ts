import { type ErrorCode, isAppError } from '@otn/kernel'

/** The code that work fails with; null where it succeeds, or fails without one. */
export async function errorCodeOf(work: Promise<unknown> | undefined): Promise<ErrorCode | null> {
  const error = await work?.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  return isAppError(error) ? error.code : null
}
