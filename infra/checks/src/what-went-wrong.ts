import { relative } from 'node:path'
import type { ReportOfTests } from './keep-results.ts'

type FileResult = ReportOfTests['testResults'][number]

/** What the runner's JSON report says of tests that did not pass at once. */
export interface ReportOfTroubles {
  readonly testResults: readonly (FileResult & {
    /** Why the file itself broke; empty where it did not. */
    readonly message: string
    readonly assertionResults: readonly (FileResult['assertionResults'][number] & {
      /** Of every try; also of a test that passed when it was tried again. */
      readonly failureMessages: readonly string[]
    })[]
  })[]
}

export interface WentWrong {
  /** One paragraph each: which test of which file, and the beginning of what it said. */
  readonly failed: readonly string[]
  /** The same of tests that could not be carried out at first, and passed when tried again. */
  readonly secondTry: readonly string[]
}

/** More of them in one run are no accident, and fail it. */
export const SECOND_TRIES_MAX = 3

/**
 * A test is tried again, once, where it could not be carried out: an engine of this machine did
 * not answer in time. What fails by an assertion has seen a promise broken: it is never tried
 * again. Matched against the message of the error.
 */
export const COULD_NOT_BE_CARRIED_OUT =
  /^(?!expected |promise |property failed|matcher did not|snapshot |invalid )/i

const LINES_TOLD = 12

export function whatWentWrong({ testResults }: ReportOfTroubles, root: string): WentWrong {
  const failed: string[] = []
  const secondTry: string[] = []
  for (const { name, status, message, assertionResults } of testResults) {
    const file = relative(root, name)
    for (const test of assertionResults) {
      const title = [...test.ancestorTitles, test.title].join(' ')
      const told = tell(`${file}: ${title}`, test.failureMessages.at(-1) ?? '')
      if (test.status === 'failed') failed.push(told)
      else if (test.failureMessages.length > 0) secondTry.push(told)
    }
    const isBroken = status !== 'passed' && assertionResults.every((it) => it.status !== 'failed')
    if (isBroken) failed.push(tell(`${file}: the file itself`, message))
  }
  return { failed, secondTry }
}

function tell(where: string, message: string): string {
  const lines = message.split('\n').slice(0, LINES_TOLD)
  return [where, ...lines].map((line) => `  ${line}`).join('\n')
}
