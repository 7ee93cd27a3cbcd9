import { chmodSync, copyFileSync, cpSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { rolldown } from 'rolldown'
import type { Entry } from './manifest.ts'

export interface BundleInput {
  readonly home: string
  readonly dist: string
  readonly entries: readonly Entry[]
}

/** Bundles the entries with every workspace package they reach; nothing else goes in. */
export async function bundlePackage({ home, dist, entries }: BundleInput): Promise<void> {
  const bundle = await rolldown({
    cwd: home,
    input: Object.fromEntries(entries.map(({ name, source }) => [name, join(home, source)])),
    platform: 'node',
    external: isThirdParty,
    // Workspace packages only declare; what nobody uses of them must not drag its imports along.
    treeshake: { moduleSideEffects: false },
  })
  await bundle.write({ dir: dist, format: 'esm', entryFileNames: '[name].js' })
  await bundle.close()
  for (const { command, name } of entries) {
    if (command !== null) chmodSync(join(dist, `${name}.js`), 0o755)
  }
  const assets = join(home, 'src/page/assets')
  // Beside the bundle, for what reads them looks beside itself.
  if (existsSync(assets)) cpSync(assets, join(dist, 'assets'), { recursive: true })
  const readme = join(home, 'README.md')
  if (existsSync(readme)) copyFileSync(readme, join(dist, 'README.md'))
}

function isThirdParty(specifier: string): boolean {
  const isPath = specifier.startsWith('.') || specifier.startsWith('/')
  return !isPath && !specifier.startsWith('@otn/')
}
