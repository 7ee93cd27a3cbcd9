/** The page's own files, as they stand in `assets`: no build, nothing from elsewhere. */
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'

export interface PageFile {
  readonly type: string
  readonly body: Buffer
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** Everything the page may ask for, by name; a name that is not here is no file of the page. */
export function readPageFiles(): ReadonlyMap<string, PageFile> {
  const folder = join(import.meta.dirname, 'assets')
  return new Map(
    readdirSync(folder).map((name) => {
      const type = TYPES[extname(name)] ?? 'application/octet-stream'
      return [name, { type, body: readFileSync(join(folder, name)) }]
    }),
  )
}
