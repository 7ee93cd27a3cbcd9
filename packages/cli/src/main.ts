/**
 * `pnpm otn …`. Half of a short command's time would go into compiling it again, so what was
 * compiled is kept; where it cannot be written, nothing changes but the time.
 */
import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/compile', import.meta.url)))
const { commandLine } = await import('./command-line.ts')
await commandLine(process.env)
