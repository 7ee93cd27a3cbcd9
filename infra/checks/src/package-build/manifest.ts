import { readFileSync } from 'node:fs'
import { join } from 'node:path'

interface SourceManifest {
  readonly name: string
  readonly version: string
  readonly description: string
  readonly exports: Readonly<Record<string, string>>
  readonly publishConfig?: { readonly bin?: Readonly<Record<string, string>> }
}

/** A file that others import (`subpath`) or run (`command`), and its source. */
export interface Entry {
  /** Name of the file in `dist`, without an extension. */
  readonly name: string
  readonly source: string
  readonly subpath: string | null
  readonly command: string | null
}

export interface Manifest extends SourceManifest {
  readonly entries: readonly Entry[]
}

/** Reads what a package offers from the manifest it has in the workspace. */
export function readManifest(home: string): Manifest {
  const source: SourceManifest = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'))
  const imported = Object.entries(source.exports).map(([subpath, path]): Entry => {
    const name = subpath === '.' ? 'index' : subpath.replace('./', '')
    return { name, source: path, subpath, command: null }
  })
  const run = Object.entries(source.publishConfig?.bin ?? {}).map(
    ([command, path]): Entry => ({ name: command, source: path, subpath: null, command }),
  )
  return { ...source, entries: [...imported, ...run] }
}

export interface PublishedManifestInput {
  readonly manifest: Manifest
  readonly dependencies: Readonly<Record<string, string>>
}

/** The manifest that goes out: built files, and exactly the dependencies that they import. */
export function publishedManifest({ manifest, dependencies }: PublishedManifestInput) {
  const { name, version, description, entries } = manifest
  const imported = entries.filter(({ subpath }) => subpath !== null)
  const run = entries.filter(({ command }) => command !== null)
  const built = (entry: Entry) => ({ types: `./${entry.name}.d.ts`, default: `./${entry.name}.js` })
  return {
    name,
    version,
    description,
    license: 'UNLICENSED',
    type: 'module',
    engines: { node: '>=24' },
    exports: Object.fromEntries(imported.map((entry) => [entry.subpath, built(entry)])),
    ...(run.length === 0
      ? {}
      : { bin: Object.fromEntries(run.map((entry) => [entry.command, `./${entry.name}.js`])) }),
    dependencies,
  }
}
