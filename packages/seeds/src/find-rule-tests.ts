import type { SourceFile } from './find-mentions.ts'

/** Where a test speaks of a rule by its id. */
export interface RuleTest {
  readonly rule: string
  /** Relative to the root of the repository. */
  readonly file: string
  readonly line: number
}

/** A quoted id: of a row of a table, of an expectation, or in a title. */
const QUOTED = /['"`]([a-z]+(?:-[a-z]+)+)['"` ]/g

/** The rules that the tests of one file name, in its order. */
export function findRuleTests(
  { path, text }: SourceFile,
  rules: ReadonlySet<string>,
): readonly RuleTest[] {
  return text
    .split('\n')
    .flatMap((line, index) =>
      [...line.matchAll(QUOTED)].flatMap(([, word = '']) =>
        rules.has(word) ? [{ rule: word, file: path, line: index + 1 }] : [],
      ),
    )
}
