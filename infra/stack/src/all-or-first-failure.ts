/** Waits for all to settle before it fails, so that nothing starts after the stop. */
export async function allOrFirstFailure<T extends readonly unknown[]>(
  promises: readonly [...{ [Index in keyof T]: Promise<T[Index]> }],
): Promise<T> {
  const settled = await Promise.allSettled(promises)
  const failed = (settled as readonly PromiseSettledResult<unknown>[]).find(
    ({ status }) => status === 'rejected',
  )
  if (failed?.status === 'rejected') throw failed.reason
  return settled.map((one) => (one as PromiseFulfilledResult<unknown>).value) as unknown as T
}
