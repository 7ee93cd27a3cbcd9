import { readFile } from 'node:fs/promises'
import { startTicker } from './ticker.ts'

export interface FollowFile {
  /** What was read at the start. */
  readonly known: string
  readonly everyMs: number
  /** Told of every other content; what it throws goes to `onFault`. */
  readonly onText: (text: string) => void
  /** Told once of each fault, however long it lasts. */
  readonly onFault: (error: unknown) => void
}

/**
 * Looks at the content of a file again and again. No signal is needed, which a supervisor would
 * take for the wish to end, and no notice of the file system, which links that are swapped (as
 * mounted secrets are) and network volumes do not give.
 */
export function followFile(path: string, options: FollowFile): { readonly close: () => void } {
  const { everyMs, onText, onFault } = options
  /** Null after a read that failed: what comes next is told, whatever it is. */
  let seen: string | null = options.known
  let fault: string | null = null
  let isReading = false
  const look = async () => {
    isReading = true
    try {
      const text = await readFile(path, 'utf8').catch((error) => {
        seen = null
        throw error
      })
      if (text !== seen) {
        seen = text
        fault = null
        onText(text)
      }
    } catch (error) {
      const said = String(error)
      if (said !== fault) onFault(error)
      fault = said
    } finally {
      isReading = false
    }
  }
  return startTicker(() => {
    if (!isReading) void look()
  }, everyMs)
}
