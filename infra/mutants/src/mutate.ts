import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { MutantResult, PartialStrykerOptions } from '@stryker-mutator/api/core'
import { Stryker } from '@stryker-mutator/core'
import { fateOf } from './fate.ts'
import type { Group } from './groups.ts'
import { type Mutant, textsOf } from './mutant.ts'

const ROOT = join(import.meta.dirname, '../../..')
/** From the root of the repository. */
export const FOLDER = '.otn/mutants'

/** Two at a time; each in 30 s beyond four times what its tests take without it. */
const FIRST = { concurrency: 2, timeoutMS: 30_000, timeoutFactor: 4 }
/** Alone, and in a time that a slow machine does not explain. */
const AGAIN = { concurrency: 1, timeoutMS: 180_000, timeoutFactor: 40 }

/**
 * Changes the files of a group, one place at a time, and tells what became of each mutant. Places
 * that are left out, and changes with which nothing loads, are none. Those that ran out of time are
 * run again. The whole report stands under `.otn/mutants` afterwards.
 */
export async function mutate(group: Group): Promise<readonly Mutant[]> {
  process.chdir(ROOT)
  const results = await run(group.name, group.sources, FIRST)
  const late = results.filter(({ status }) => status === 'Timeout')
  const second = late.length === 0 ? [] : await run(`${group.name}-again`, late.map(rangeOf), AGAIN)
  return results.flatMap((result) => {
    const again = second.find((one) => keyOf(one) === keyOf(result))
    return mutantOf(result, again?.status)
  })
}

/** @param name of the reports */
function run(
  name: string,
  places: readonly string[],
  pace: Pick<PartialStrykerOptions, 'concurrency' | 'timeoutMS' | 'timeoutFactor'>,
): Promise<MutantResult[]> {
  return new Stryker({
    plugins: [
      fileURLToPath(import.meta.resolve('@stryker-mutator/vitest-runner')),
      join(import.meta.dirname, 'prose.ts'),
    ],
    ignorers: ['prose'],
    testRunner: 'vitest',
    ...{ vitest: { configFile: 'infra/mutants/src/vitest.config.ts' } },
    mutate: [...places],
    ...pace,
    tempDirName: `${FOLDER}/sandbox`,
    ignorePatterns: ['.otn', 'docs', '**/dist'],
    reporters: ['progress-append-only', 'html', 'json'],
    htmlReporter: { fileName: `${FOLDER}/${name}.html` },
    jsonReporter: { fileName: `${FOLDER}/${name}.json` },
    allowConsoleColors: false,
    warnings: false,
  }).runMutationTest()
}

/** The place of a mutant as `mutate` wants it, where columns count from 0. */
function rangeOf({ fileName, location: { start, end } }: MutantResult): string {
  const from = `${start.line}:${start.column - 1}`
  return `${relative(ROOT, fileName)}:${from}-${end.line}:${end.column - 1}`
}

/** The same in both runs, which number their mutants each for itself. */
function keyOf({ fileName, location, mutatorName, replacement }: MutantResult): string {
  return JSON.stringify([fileName, location, mutatorName, replacement])
}

function mutantOf(
  { fileName, location, status, replacement = '' }: MutantResult,
  again: MutantResult['status'] | undefined,
): Mutant[] {
  const fate = fateOf(status, again)
  if (fate === undefined) return []
  const texts = textsOf(readFileSync(fileName, 'utf8'), location, replacement)
  return [{ file: relative(ROOT, fileName), ...texts, fate }]
}
