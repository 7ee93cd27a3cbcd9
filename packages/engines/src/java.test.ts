import { expect, test } from 'vitest'
import { javaMajor } from './java.ts'

test.each([
  ['openjdk version "17.0.15" 2025-04-15', 17],
  ['java version "21" 2023-09-19 LTS', 21],
  ['java version "1.8.0_391"', 8],
  ['command not found', 0],
])('the version of Java is read from %j', (output, major) => {
  expect(javaMajor(output)).toBe(major)
})
