import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import type { Entry } from './manifest.ts'

export interface TypesInput {
  readonly root: string
  readonly home: string
  readonly dist: string
  readonly entries: readonly Entry[]
}

const IMPORT = /(from |import\()'([^']+)'/g

/**
 * Writes the declarations that an importer can reach, under `dist/types` as they lie in the
 * workspace, with every name of a workspace package turned into a path.
 */
export function declareTypes({ root, home, dist, entries }: TypesInput): void {
  const imported = entries.filter(({ subpath }) => subpath !== null)
  const emitted = join(dist, '.declared')
  emit({ root, home, outDir: emitted, sources: imported.map(({ source }) => join(home, source)) })
  const packages = join(root, 'packages')
  const kept = new Set<string>()
  const keep = (path: string): void => {
    if (kept.has(path)) return
    kept.add(path)
    const target = join(dist, 'types', path)
    const text = readFileSync(join(emitted, path), 'utf8')
    const pointed = text.replace(IMPORT, (whole, before: string, specifier: string) => {
      const next = declarationOf(specifier, path)
      if (next === null) return whole
      keep(next)
      return `${before}'${asSpecifier(relative(dirname(path), next))}'`
    })
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, pointed)
  }
  for (const { name, source } of imported) {
    const path = declared(relative(packages, join(home, source)))
    keep(path)
    const specifier = asSpecifier(join('types', path))
    writeFileSync(join(dist, `${name}.d.ts`), `export * from '${specifier}'\n`)
  }
  rmSync(emitted, { recursive: true })
}

interface Emit {
  readonly root: string
  readonly home: string
  readonly outDir: string
  readonly sources: readonly string[]
}

function emit({ root, home, outDir, sources }: Emit): void {
  mkdirSync(outDir)
  const project = join(outDir, 'tsconfig.json')
  const compilerOptions = {
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    rootDir: join(root, 'packages'),
    outDir,
    // By path, since declarations are written for no file that came through node_modules.
    paths: { '@otn/*': [join(root, 'packages/*/src/index.ts')] },
    typeRoots: [join(root, 'node_modules/@types')],
  }
  const extended = join(root, 'tsconfig.base.json')
  writeFileSync(project, JSON.stringify({ extends: extended, compilerOptions, files: sources }))
  const tsc = join(root, 'node_modules/.bin/tsc')
  execFileSync(tsc, ['-p', project], { cwd: home, stdio: 'inherit' })
}

/** The declaration that a specifier means, as a path below `packages`; null for third parties. */
function declarationOf(specifier: string, from: string): string | null {
  if (specifier.startsWith('.')) return declared(join(dirname(from), specifier))
  const [, name] = /^@otn\/([^/]+)$/.exec(specifier) ?? []
  if (name === undefined) return null
  return join(name, 'src/index.d.ts')
}

const declared = (path: string): string => path.replace(/\.ts$/, '.d.ts')
const asSpecifier = (path: string): string =>
  `${path.startsWith('.') ? '' : './'}${path.replace(/\.d\.ts$/, '.js')}`
