import type { StoredCommand } from '../domain/document.ts'

type Work = (found: StoredCommand) => Promise<void>

interface Waiting {
  readonly found: StoredCommand
  readonly done: PromiseWithResolvers<void>
}

/**
 * Suspects one after another, so that a further death is that of the one alone. Those go first that
 * fewest processes died of: a process that is ended from outside while it starts would else find
 * the same command at work each time.
 */
export function suspectsInTurn(work: Work): Work {
  const waiting: Waiting[] = []
  let isAtWork = false
  const goOn = async (): Promise<void> => {
    isAtWork = true
    for (let next = takeFewest(waiting); next !== null; next = takeFewest(waiting)) {
      await work(next.found).then(next.done.resolve, next.done.reject)
    }
    isAtWork = false
  }
  return (found) => {
    const done = Promise.withResolvers<void>()
    waiting.push({ found, done })
    if (!isAtWork) void goOn()
    return done.promise
  }
}

/** Of those with as few deaths, the one that came first. */
function takeFewest(waiting: Waiting[]): Waiting | null {
  const fewest = Math.min(...waiting.map(({ found }) => found.deaths))
  const at = waiting.findIndex(({ found }) => found.deaths === fewest)
  return waiting.splice(at, 1)[0] ?? null
}
