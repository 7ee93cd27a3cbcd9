/** The tests that may kill a mutant; Stryker takes those of them that import the mutated file. */
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { groups } from './groups.ts'

/** Examples before properties: most mutants fall at once, and the first failure is enough. */
class ExamplesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isSlow = ({ moduleId }: TestSpecification) => moduleId.includes('.property.')
    return files.toSorted((a, b) => Number(isSlow(a)) - Number(isSlow(b)))
  }
}

export default defineConfig({
  test: {
    include: groups.flatMap(({ tests }) => tests),
    setupFiles: ['infra/mutants/src/one-seed.ts'],
    sequence: { sequencer: ExamplesFirst },
    // A slow machine kills no mutant: time is judged in one place, mutate.ts.
    testTimeout: 0,
  },
})
