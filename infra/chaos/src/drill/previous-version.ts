/** The code of the version before this one, as a repository of its own beside this one. */
import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ROOT_FOLDER } from './folders.ts'

const run = promisify(execFile)
const FILE = join(ROOT_FOLDER, 'infra/chaos/previous-version')

/** The commit that is deployed while this version is rolled out; written with each release. */
function previousCommit(): string {
  return readFileSync(FILE, 'utf8').trim()
}

/**
 * Checks it out under `.otn` with everything it depends on, once.
 * @returns the folder of its repository
 * @throws where the commit is not in this clone: fetch the whole history
 */
export async function checkOutPrevious(): Promise<string> {
  const commit = previousCommit()
  const folder = join(ROOT_FOLDER, '.otn', `version-${commit}`)
  if (existsSync(join(folder, 'node_modules'))) return folder
  await run('git', ['clone', '--quiet', '--no-checkout', ROOT_FOLDER, folder])
  await run('git', ['-C', folder, 'checkout', '--quiet', commit]).catch((cause) => {
    const why = `${commit} of infra/chaos/previous-version is not in this clone: fetch its history`
    throw new Error(why, { cause })
  })
  await run('npx', ['--yes', 'pnpm@12', 'install', '--prefer-offline', '--frozen-lockfile'], {
    cwd: folder,
  })
  return folder
}
