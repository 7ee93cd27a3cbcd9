/** Documents and indexes on their way to a baseline, whose channel would lose their types. */
import { readFileSync, writeFileSync } from 'node:fs'
import { BSON } from 'mongodb'
import type { Template } from '../ground/look-into-store.ts'

export function writeTemplates(file: string, templates: Readonly<Record<string, Template>>): void {
  const lines = Object.entries(templates).map(([name, { documents, indexes }]) =>
    BSON.EJSON.stringify({ name, documents, indexes }, { relaxed: false }),
  )
  writeFileSync(file, lines.join('\n'))
}

export function readTemplates(file: string): Readonly<Record<string, Template>> {
  const lines = readFileSync(file, 'utf8').split('\n')
  const templates = lines.map((line) => {
    const { name, ...template } = BSON.EJSON.parse(line, { relaxed: true })
    return [String(name), template as Template] as const
  })
  return Object.fromEntries(templates)
}
