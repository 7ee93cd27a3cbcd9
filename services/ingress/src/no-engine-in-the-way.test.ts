/** The structure behind the promise that an answer waits for no processing. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { ingressSettings } from './config.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const IMPORT = /(?:from|import)\s*\(?\s*'([^']+)'/g

interface Exports {
  readonly exports: Readonly<Record<string, string>>
}

/** The file of an import; null where it is a library. */
function fileOf(name: string, from: string): string | null {
  if (name.startsWith('.')) return join(dirname(from), name)
  const [, folder, sub] = /^@otn\/([a-z-]+)(\/.+)?$/.exec(name) ?? []
  if (folder === undefined) return null
  const home = join(ROOT, 'packages', folder)
  const { exports }: Exports = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'))
  return join(home, exports[`.${sub ?? ''}`] ?? '')
}

/** Everything that is loaded with a file: libraries by name, our own code by path. */
function loadedWith(entry: string): ReadonlySet<string> {
  const seen = new Set<string>()
  const open = [entry]
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (seen.has(file) || !existsSync(file)) continue
    seen.add(file)
    for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(IMPORT)) {
      const next = fileOf(name, file)
      if (next === null) seen.add(name)
      else open.push(next)
    }
  }
  return seen
}

test('the ingress loads no client of MongoDB, Graph, ledger or dispatcher [S1-49]', () => {
  const loaded = [...loadedWith(join(ROOT, 'services/ingress/src/main.ts'))]
  // The walk is one: it reached Kafka and the vault.
  expect(loaded).toEqual(expect.arrayContaining(['kafkajs', 'fastify']))
  const clients = /^mongodb$|packages\/(graph-api|client)\/|services\/(token-ledger|dispatcher)\//
  expect(loaded.filter((name) => clients.test(name))).toEqual([])
})

test('the ingress knows no address of MongoDB, Graph, ledger or dispatcher [S1-49]', () => {
  const names = Object.values(ingressSettings).map(({ env }) => env)
  expect(names.filter((name) => /MONGO|GRAPH|LEDGER|DISPATCHER/.test(name))).toEqual([])
})
