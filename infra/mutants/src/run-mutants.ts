/**
 * `pnpm mutants [group …]`: changes the rules one place at a time and prints which changes no test
 * noticed. Fails under 90 % in any group, and where `survivors.json` does not name exactly those
 * that are alive. Reports, and all that are alive, stand under `.otn/mutants`; `scores.json` keeps
 * what the groups came to.
 */
import { writeFileSync } from 'node:fs'
import { groups } from './groups.ts'
import type { Mutant, Named } from './mutant.ts'
import { FOLDER, mutate } from './mutate.ts'
import { scoreOf, scoreTable } from './score.ts'
import { keepScores } from './scores.ts'
import { compare, survivors } from './survivors.ts'

const PERCENT_MIN = 90

const names = process.argv.slice(2)
const strangers = names.filter((name) => !groups.some((group) => group.name === name))
if (strangers.length > 0) {
  const known = groups.map(({ name }) => name).join(', ')
  process.stderr.write(`unknown: ${strangers.join(', ')}; there are: ${known}\n`)
  process.exit(2)
}

const results = new Map<string, readonly Mutant[]>()
for (const group of groups) {
  if (names.length === 0 || names.includes(group.name)) results.set(group.name, await mutate(group))
}

const mutants = [...results.values()].flat()
const files = new Set(mutants.map(({ file }) => file))
const listed = survivors.filter(({ file }) => names.length === 0 || files.has(file))
const { unexplained, stale } = compare(listed, mutants)
const alive = mutants.filter(({ fate }) => fate !== 'killed')
writeFileSync(`${FOLDER}/alive.json`, `${JSON.stringify(alive, null, 2)}\n`)
keepScores(Object.fromEntries([...results].map(([name, own]) => [name, scoreOf(own)])))

console.log(`\n${scoreTable(results)}`)
for (const mutant of unexplained) console.log(`no test, no reason: ${told(mutant)}`)
for (const survivor of stale) console.log(`listed, not alive: ${told(survivor)}`)
const poor = [...results].filter(([, own]) => scoreOf(own).percent < PERCENT_MIN)
for (const [name] of poor) console.log(`under ${PERCENT_MIN} %: ${name}`)
process.exitCode = poor.length + unexplained.length + stale.length === 0 ? 0 : 1

function told({ file, line, was, becomes }: Named): string {
  return `${file}\n  ${line}\n  ${was} → ${becomes}`
}
