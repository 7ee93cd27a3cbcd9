/** Draws the newest drill (`.otn/chaos.json`) for the README. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT_FOLDER } from './drill/folders.ts'
import { drillPicture } from './drill/picture.ts'

const { results, line } = JSON.parse(readFileSync(join(ROOT_FOLDER, '.otn/chaos.json'), 'utf8'))
const folder = join(ROOT_FOLDER, 'docs/pictures')
mkdirSync(folder, { recursive: true })
writeFileSync(join(folder, 'drill.svg'), drillPicture(results, line))
console.log(`  ✔ docs/pictures/drill.svg: ${line}`)
