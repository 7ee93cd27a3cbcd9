/**
 * Builds a package that people install by itself: `node infra/checks/src/build-package.ts
 * packages/<name>` writes `dist/` with bundles, types and a manifest of its own. Workspace packages
 * go into the bundle; third parties stay dependencies, in the versions of the catalog. What is
 * built stands in the package's manifest: its `exports`, and the `bin` of its `publishConfig`.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { bundlePackage } from './package-build/bundle-package.ts'
import { declareTypes } from './package-build/declare-types.ts'
import { dependenciesOf } from './package-build/dependencies.ts'
import { publishedManifest, readManifest } from './package-build/manifest.ts'

const [folder] = process.argv.slice(2)
if (folder === undefined) {
  console.error(
    'which package? for example: node infra/checks/src/build-package.ts packages/client',
  )
  process.exit(2)
}

const root = resolve(import.meta.dirname, '../../..')
const home = resolve(folder)
const dist = join(home, 'dist')
const manifest = readManifest(home)
rmSync(dist, { recursive: true, force: true })
mkdirSync(dist)
await bundlePackage({ home, dist, entries: manifest.entries })
declareTypes({ root, home, dist, entries: manifest.entries })
const dependencies = dependenciesOf({ root, dist })
const published = publishedManifest({ manifest, dependencies })
writeFileSync(join(dist, 'package.json'), `${JSON.stringify(published, null, 2)}\n`)
console.log(`${manifest.name}: ${Object.keys(dependencies).join(', ')} stay outside the bundle`)
