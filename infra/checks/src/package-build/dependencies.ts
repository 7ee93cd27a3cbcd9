import { readdirSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { parse } from 'yaml'

const IMPORT = /(?:\bfrom |\bimport\(|\bimport )["']([^"'.][^"']*)["']/g

/**
 * The third parties that built files import, each in the version of the workspace's catalog.
 *
 * @throws for one that the catalog does not name: an importer could not install it
 */
export function dependenciesOf({
  root,
  dist,
}: {
  readonly root: string
  readonly dist: string
}): Readonly<Record<string, string>> {
  const workspace = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8')
  const { catalog }: { catalog: Record<string, string> } = parse(workspace)
  const found = importedPackages(dist).map((name) => {
    const version = catalog[name]
    if (version === undefined) throw new Error(`${name} is imported, but not in the catalog`)
    return [name, version] as const
  })
  return Object.fromEntries(found)
}

function importedPackages(dist: string): readonly string[] {
  const files = readdirSync(dist, { recursive: true, encoding: 'utf8' })
  const names = files
    .filter((file) => /\.(?:js|d\.ts)$/.test(file))
    .flatMap((file) => [...readFileSync(join(dist, file), 'utf8').matchAll(IMPORT)])
    .map(([, specifier = '']) => specifier)
    .filter((specifier) => !isBuiltin(specifier))
    .map((specifier) =>
      specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/'),
    )
  return [...new Set(names)].toSorted()
}
