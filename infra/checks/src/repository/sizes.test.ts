import { describe, expect, test } from 'vitest'
import { read, sourceFiles } from './files.ts'

const LINES_MAX = 300
const TEST_LINES_MAX = 400
const COLUMNS_MAX = 100
const MEDIAN_MAX = 80

const isTest = (file: string) => /\.test\.ts$|\/test\//.test(file)
const lineCount = (file: string) => read(file).split('\n').length - 1

describe('source files stay small', () => {
  test('none is longer than 300 lines, no test longer than 400', () => {
    const files = sourceFiles()
    expect(files.length).toBeGreaterThan(100)
    const long = files.filter(
      (file) => lineCount(file) > (isTest(file) ? TEST_LINES_MAX : LINES_MAX),
    )
    expect(long.map((file) => `${file}: ${lineCount(file)} lines`)).toEqual([])
  })

  test('half of them have at most 80 lines', () => {
    const sizes = sourceFiles()
      .filter((file) => !isTest(file))
      .map(lineCount)
    const median = sizes.sort((a, b) => a - b)[Math.floor(sizes.length / 2)]
    expect(median).toBeLessThanOrEqual(MEDIAN_MAX)
  })

  test('no line of code is wider than 100 columns, data in tests aside', () => {
    const wide = sourceFiles()
      .filter((file) => !isTest(file))
      .flatMap((file) =>
        read(file)
          .split('\n')
          .flatMap((line, index) => (line.length > COLUMNS_MAX ? [`${file}:${index + 1}`] : [])),
      )
    expect(wide).toEqual([])
  })
})
