import { appError } from '@otn/kernel'

import { type Scenario, scenarioSchema } from './scenario.ts'

/** Larger than any scenario somebody would read. */
const CHARACTERS_MAX = 1024 * 1024

/**
 * Reads a scenario from its text.
 *
 * @param source the name of the file, for the message
 * @throws OTN_HTTP_INVALID with the file, the step, the field and what was wanted
 */
export function readScenario(text: string, source: string): Scenario {
  if (text.length > CHARACTERS_MAX) throw unreadable(source, `longer than ${CHARACTERS_MAX}`)
  try {
    return checkScenario(JSON.parse(text), source)
  } catch (error) {
    if (error instanceof SyntaxError) throw unreadable(source, `no JSON: ${error.message}`)
    throw error
  }
}

/** Checks a scenario that was read from JSON already. @throws as `readScenario` */
export function checkScenario(value: unknown, source: string): Scenario {
  const result = scenarioSchema.safeParse(value)
  if (result.success) return result.data
  const faults = result.error.issues.map(({ path, message }) => `${placeOf(path)}: ${message}`)
  throw unreadable(source, faults.join('; '))
}

/** Steps are counted from 1, as people count them. */
function placeOf(path: readonly PropertyKey[]): string {
  const [first, index, ...rest] = path
  if (first !== 'steps' || typeof index !== 'number') return path.map(String).join('.') || 'file'
  return [`step ${index + 1}`, ...rest.map(String)].join(', ')
}

function unreadable(source: string, fault: string): Error {
  const message = `${source}: ${fault}`
  return appError('OTN_HTTP_INVALID', { message, publicMessage: message })
}
