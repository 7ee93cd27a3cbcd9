/** Rejects after `limitMs` if the promise has not settled; what it stands for goes on. */
export async function within<T>(limitMs: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done within ${limitMs} ms`)), limitMs)
  })
  try {
    return await Promise.race([promise, tooLate])
  } finally {
    clearTimeout(timer)
  }
}

/** Waits until the promise settles either way, but never longer than `limitMs`. Never rejects. */
export async function atMost(limitMs: number, promise: Promise<unknown>): Promise<void> {
  await within(limitMs, promise).catch(() => {})
}
