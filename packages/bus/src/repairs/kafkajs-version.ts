import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

/** Our repairs reach into the files of exactly this version. */
const REPAIRED = '2.2.4'

/** Loads a file of kafkajs that has no public door. */
export const kafkajsInside = createRequire(import.meta.url)

/**
 * Refuses any other kafkajs: the repairs would silently miss, and what the tests of this package
 * showed would hold no longer. A newer version needs those tests first, then this line.
 */
export function requireRepairedVersion(): void {
  const path = kafkajsInside.resolve('kafkajs/package.json')
  const { version } = JSON.parse(readFileSync(path, 'utf8')) as { version: string }
  if (version === REPAIRED) return
  throw new Error(
    `kafkajs ${version} is installed, the repairs of @otn/bus are made for ${REPAIRED}. ` +
      `Pin kafkajs to ${REPAIRED}, or run the tests of packages/bus on ${version} and change this.`,
  )
}
