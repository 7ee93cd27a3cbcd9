import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { MutantResult } from '@stryker-mutator/api/core'
import { Stryker } from '@stryker-mutator/core'
import type { Group } from './groups.ts'
import { type Fate, type Mutant, textsOf } from './mutant.ts'

const ROOT = join(import.meta.dirname, '../../..')
/** From the root of the repository. */
export const FOLDER = '.otn/mutants'

const FATES: Partial<Record<MutantResult['status'], Fate>> = {
  Killed: 'killed',
  // It ran for ever, or far longer than the tests take without it.
  Timeout: 'killed',
  Survived: 'survived',
  NoCoverage: 'not covered',
}

/**
 * Changes the files of a group, one place at a time, and tells what became of each mutant. Places
 * that are left out, and changes with which nothing loads, are none. The whole report stands under
 * `.otn/mutants` afterwards.
 */
export async function mutate(group: Group): Promise<readonly Mutant[]> {
  process.chdir(ROOT)
  const results = await new Stryker({
    plugins: [
      fileURLToPath(import.meta.resolve('@stryker-mutator/vitest-runner')),
      join(import.meta.dirname, 'prose.ts'),
    ],
    ignorers: ['prose'],
    testRunner: 'vitest',
    ...{ vitest: { configFile: 'infra/mutants/src/vitest.config.ts' } },
    mutate: [...group.sources],
    // The machine may be shared: a slow answer must not pass for an endless one.
    concurrency: 1,
    timeoutMS: 30_000,
    timeoutFactor: 4,
    tempDirName: `${FOLDER}/sandbox`,
    ignorePatterns: ['.otn', 'docs', '**/dist'],
    reporters: ['progress-append-only', 'html', 'json'],
    htmlReporter: { fileName: `${FOLDER}/${group.name}.html` },
    jsonReporter: { fileName: `${FOLDER}/${group.name}.json` },
    allowConsoleColors: false,
    warnings: false,
  }).runMutationTest()
  return results.flatMap((result) => mutantOf(result))
}

function mutantOf({ fileName, location, status, replacement = '' }: MutantResult): Mutant[] {
  const fate = FATES[status]
  if (fate === undefined) return []
  const texts = textsOf(readFileSync(fileName, 'utf8'), location, replacement)
  return [{ file: relative(ROOT, fileName), ...texts, fate }]
}
