/** The code of the version before this one, as a repository of its own beside this one. */
import { execFile } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ROOT_FOLDER } from './folders.ts'

const FILE = 'infra/chaos/previous-version'
const COMMIT = /^[0-9a-f]{40}$/
/** Written when an installation has come to its end. */
const INSTALLED = 'node_modules/.modules.yaml'

/** Runs a program to its end. @throws where it fails */
type Run = (
  program: string,
  args: readonly string[],
  options?: { readonly cwd: string },
) => Promise<unknown>

interface Surroundings {
  /** Of this repository. */
  readonly root: string
  readonly run: Run
}

const here: Surroundings = { root: ROOT_FOLDER, run: promisify(execFile) }

/** The commit that is deployed while this version is rolled out; written with each release. */
function previousCommit(root: string): string {
  const text = readFileSync(join(root, FILE), 'utf8').trim()
  if (COMMIT.test(text)) return text
  throw new Error(`${FILE}: got ${JSON.stringify(text)}, wanted the 40 hex digits of a commit`)
}

/**
 * Checks it out under `.otn` with everything it depends on, once.
 * @returns the folder of its repository
 * @throws where the commit is not in this clone, with what to do
 */
export async function checkOutPrevious({ root, run }: Surroundings = here): Promise<string> {
  const commit = previousCommit(root)
  const folder = join(root, '.otn', `version-${commit}`)
  if (existsSync(join(folder, INSTALLED))) return folder
  await run('git', ['-C', root, 'cat-file', '-e', `${commit}^{commit}`]).catch((cause) => {
    const why = `${FILE} names ${commit}, which is not in this clone`
    throw new Error(`${why}: fetch the whole history (git fetch --unshallow)`, { cause })
  })
  // What an earlier try left half done stands in the way.
  rmSync(folder, { recursive: true, force: true })
  await run('git', ['clone', '--quiet', '--no-checkout', root, folder])
  await run('git', ['-C', folder, 'checkout', '--quiet', commit])
  await run('npx', ['--yes', 'pnpm@12', 'install', '--prefer-offline', '--frozen-lockfile'], {
    cwd: folder,
  })
  return folder
}
