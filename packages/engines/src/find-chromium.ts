/**
 * The browser for tests of pages: the one that is given, else one on PATH, else Debian's package.
 * Never one that a test library would download from elsewhere.
 */
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { appError } from '@otn/kernel'
import { runCommand } from './run-command.ts'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'] as const

/** What Chromium needs on a machine without a screen, a sandbox or a network of its own. */
export const CHROMIUM_FLAGS: readonly string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export interface ChromiumSearch {
  /** `CHROMIUM_PATH` wins over everything; then the folders of `PATH` are searched. */
  readonly env: NodeJS.ProcessEnv
  /** Whether the machine's package manager may be asked: a root of Debian or Ubuntu. */
  readonly mayInstall: boolean
}

/**
 * The path of a Chromium; installs Debian's package where there is none and it may.
 * @throws OTN_ENGINE_MISSING naming what to install; OTN_ENGINE_FAILED with apt-get's own words
 */
export async function findChromium(
  { env, mayInstall }: ChromiumSearch = { env: process.env, mayInstall: isRootOfDebian() },
): Promise<string> {
  const given = env.CHROMIUM_PATH
  if (given) {
    if (isExecutable(given)) return given
    throw missing(`CHROMIUM_PATH: ${given} came, the path of a Chromium is wanted.`)
  }
  const found = onPath(env)
  if (found !== null) return found
  if (!mayInstall) throw missing('No Chromium was found.')
  await runCommand('Reading the package lists', 'apt-get', ['update', '--quiet'])
  const install = ['install', '--yes', '--quiet', '--no-install-recommends', 'chromium']
  await runCommand('Installing Chromium', 'apt-get', install)
  const installed = onPath(env)
  if (installed === null) throw missing('apt-get installed no Chromium on PATH.')
  return installed
}

function onPath({ PATH = '' }: NodeJS.ProcessEnv): string | null {
  const folders = PATH.split(delimiter).filter(Boolean)
  const paths = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)))
  return paths.find(isExecutable) ?? null
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function isRootOfDebian(): boolean {
  return process.getuid?.() === 0 && isExecutable('/usr/bin/apt-get')
}

function missing(what: string): Error {
  const message =
    `${what} Install Chromium (Debian: chromium) so that one of ${NAMES.join(', ')} is on PATH, ` +
    'or name one in CHROMIUM_PATH.'
  return appError('OTN_ENGINE_MISSING', { message, details: { missing: ['chromium'] } })
}
