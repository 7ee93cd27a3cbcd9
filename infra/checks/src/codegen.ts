/**
 * `pnpm codegen`: writes what is generated from schemas and tables. With `--check` it writes
 * nothing and fails when a file is not current. With `--keep` it keeps every changed schema for
 * ever, as the next version under schemas/fixtures: for schemas that are going to stand on main.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fingerprint } from '@otn/contracts'
import { currentSchemas, FIXTURES, generatedFiles, pastSchemas } from './codegen/generated-files.ts'
import { keepVersion } from './codegen/keep-version.ts'

const check = process.argv.includes('--check')
if (process.argv.includes('--keep')) keepChangedSchemas()
const stale: string[] = []
const files = await generatedFiles()
for (const { path, text } of files) {
  if (readOrEmpty(path) === text) continue
  stale.push(path)
  if (!check) writeFileSync(path, text)
}
for (const path of stale) console.log(`${check ? 'not current' : 'written'}: ${path}`)
console.log(`${files.length} files looked at`)
if (check && stale.length > 0) {
  console.log('run: pnpm codegen')
  process.exitCode = 1
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function keepChangedSchemas(): void {
  const kept = new Set(pastSchemas().map(fingerprint))
  for (const record of currentSchemas()) {
    if (!kept.has(fingerprint(record))) keepVersion(record, FIXTURES)
  }
}
