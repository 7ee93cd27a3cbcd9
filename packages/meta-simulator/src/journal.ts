import { closeSync, existsSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs'

import { appError } from '@otn/kernel'

import type { Fact } from './domain/facts.ts'

/** Where facts outlive the process, one line of JSON each. */
export interface Journal {
  add(fact: Fact): void
  close(): void
}

/** Keeps nothing: the world ends with the process. */
export const noJournal: Journal = { add: () => {}, close: () => {} }

/**
 * Appends to a file. A line is handed to the operating system before the answer leaves, so it
 * survives the death of the process, not that of the machine.
 */
export function openJournal(path: string): Journal {
  // A line that a death cut short would swallow the next one.
  if (existsSync(path)) truncateSync(path, wholeLines(path).length)
  const file = openSync(path, 'a', 0o600)
  let isOpen = true
  return {
    add: (fact) => {
      // A call that a knob held back may be judged after the end; it is not kept.
      if (isOpen) writeSync(file, `${JSON.stringify(fact)}\n`)
    },
    close: () => {
      if (isOpen) closeSync(file)
      isOpen = false
    },
  }
}

/**
 * Hands over the facts of an earlier process, in their order.
 *
 * @returns how many there were
 * @throws OTN_CONFIG_INVALID with the file and the line that is no JSON, or that `take` cannot use
 */
export function replayJournal(path: string, take: (fact: Fact) => void): number {
  if (!existsSync(path)) return 0
  const lines = wholeLines(path).toString('utf8').split('\n').slice(0, -1)
  for (const [index, line] of lines.entries()) {
    try {
      take(JSON.parse(line))
    } catch (cause) {
      const message = `${path}, line ${index + 1}: no fact of a simulator; remove the file`
      throw appError('OTN_CONFIG_INVALID', { message, publicMessage: message, cause })
    }
  }
  return lines.length
}

/** The bytes up to the last line feed: what stands after it was never finished. */
function wholeLines(path: string): Buffer {
  const bytes = readFileSync(path)
  return bytes.subarray(0, bytes.lastIndexOf(0x0a) + 1)
}
