import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { FOLDERS, REPOSITORY } from './folders.ts'
import { readRuns } from './keep-run.ts'
import { newestRuns, pictureName, withFigures } from './page.ts'
import { benchmarkPicture } from './picture.ts'

/** Makes the results page and its pictures anew. @returns the files that were written */
export function writePage(): readonly string[] {
  const runs = readRuns(FOLDERS.kept)
  const page = join(REPOSITORY, 'docs/benchmarks.md')
  writeFileSync(page, withFigures(readFileSync(page, 'utf8'), runs))
  const folder = join(REPOSITORY, 'docs/pictures')
  mkdirSync(folder, { recursive: true })
  const pictures = newestRuns(runs).flatMap((own) => {
    const [first] = own
    if (first === undefined) return []
    const file = join(folder, pictureName(first))
    writeFileSync(file, benchmarkPicture(own))
    return [file]
  })
  return [page, ...pictures]
}
