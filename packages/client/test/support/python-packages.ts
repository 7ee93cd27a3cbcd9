import { execFile } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * A folder with the packages of a requirements file, kept between runs: complete from the moment
 * it exists, because it is filled under another name.
 */
export async function pythonPackages(requirements: string): Promise<string> {
  const { OTN_CACHE_DIR, XDG_CACHE_HOME } = process.env
  const cache = OTN_CACHE_DIR || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'otn')
  const { stdout: version } = await run('python3', ['--version'])
  const content = `${version}${await readFile(requirements, 'utf8')}`
  const digest = createHash('sha256').update(content).digest('hex').slice(0, 12)
  const folder = join(cache, `python-${digest}`)
  if (existsSync(folder)) return folder
  await mkdir(cache, { recursive: true })
  const unfinished = `${folder}.${randomUUID().slice(0, 8)}.part`
  const quiet = ['--quiet', '--disable-pip-version-check', '--root-user-action=ignore']
  const install = ['-m', 'pip', 'install', ...quiet, '--target', unfinished, '-r', requirements]
  try {
    await run('python3', install)
    await rename(unfinished, folder)
  } finally {
    await rm(unfinished, { recursive: true, force: true })
  }
  return folder
}
