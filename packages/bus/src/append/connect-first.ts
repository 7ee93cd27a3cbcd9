import type { ConnectProducer, LiveProducer } from './live-producer.ts'

/** How many brokers are tried for one producer, and how long each may keep the next one waiting. */
const TRIES = 3
const STAGGER_MS = 300

/**
 * Connects by the first try that succeeds. Each try begins at another broker, and its producer id
 * comes from a broker chosen by chance: with one of three dead or frozen every third try fails or
 * hangs, so the next one does not wait for it. What connects too late is closed.
 * @throws the error of the last try
 */
export function connectFirst(connect: ConnectProducer): Promise<LiveProducer> {
  return new Promise((resolve, reject) => {
    let started = 0
    let failed = 0
    let isDone = false
    let timer: NodeJS.Timeout | undefined
    const next = () => {
      clearTimeout(timer)
      if (isDone || started === TRIES) return
      started += 1
      timer = setTimeout(next, STAGGER_MS)
      connect().then(succeed, fail)
    }
    const succeed = (producer: LiveProducer) => {
      clearTimeout(timer)
      if (isDone) void producer.close()
      isDone = true
      resolve(producer)
    }
    const fail = (error: unknown) => {
      failed += 1
      if (failed === TRIES) reject(error)
      else next()
    }
    next()
  })
}
